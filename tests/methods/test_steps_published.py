"""Steps against numbers that were published, with their source."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from steps_support import run
from support import shared


@functools.cache
def read(index: str, file: str) -> pd.DataFrame:
    return pd.read_csv(shared("indices", index, f"{file}.csv"))


# UNDP, Human Development Report 2021/22, Technical note 1, its worked example: health (83.2 - 20) / (85 - 20) for a
# country with 83.2 years, and the income index of 10,000 dollars between 100 and 75,000 on a log scale.
def test_health_and_income_indices():
    health = run("goalposts", [83.2, 20.0, 85.0, 91.0], goalposts=[(20, 85)])
    np.testing.assert_allclose(health, [63.2 / 65, 0, 1, 1], rtol=1e-15)
    income = run("goalposts", [10_000.0, 100.0, 75_000.0, 120_000.0], goalposts=[(100, 75_000)], scale="log")
    np.testing.assert_allclose(income, [np.log(100) / np.log(750), 0, 1, 1], rtol=1e-15)


def test_hdi_2021_to_its_three_decimals():
    inputs, expected = read("undp_hdi_2021", "inputs"), read("undp_hdi_2021", "expected")
    posts = {"le": (20, 85), "eys": (0, 18), "mys": (0, 15)}
    health, schooling, years = (run("goalposts", inputs[name], goalposts=[posts[name]]) for name in posts)
    income = run("goalposts", inputs["gnipc"], goalposts=[(100, 75_000)], scale="log")
    hdi = run("round", np.cbrt(health * (schooling + years) / 2 * income), digits=3)
    by_country = pd.Series(hdi, inputs["iso3"])[expected["iso3"]]
    assert (by_country.to_numpy() == expected["hdi"].to_numpy()).all()


# CDC/ATSDR Social Vulnerability Index 2018, counties: Excel's PERCENTRANK.INC, rounded to 4 decimals; income is
# reversed as 1 - that. 3,142 counties, three gaps.
@pytest.mark.parametrize("variable", ["POV", "UNEMP", "PCI", "NOHSDP", "AGE65", "SNGPNT", "LIMENG", "GROUPQ"])
def test_svi_percent_ranks(variable):
    inputs, expected = read("cdc_svi_2018_county", "inputs"), read("cdc_svi_2018_county", "expected")
    merged = inputs.merge(expected, on="FIPS")
    p = run("percent_rank", merged[f"EP_{variable}"])
    p = run("round", 1 - p if variable == "PCI" else p, digits=4)
    np.testing.assert_array_equal(p, merged[f"EPL_{variable}"])


# CalEnviroScreen 2.0 (OEHHA 2014), 8,035 tracts: percentiles among the tracts above 0, ties the highest, over the
# highest rank.
@pytest.mark.parametrize("indicator", ["Ozone", "PestUse", "Cleanup", "SolWaste", "LingIso", "Unemp"])
def test_calenviroscreen_percentiles(indicator):
    merged = read("calenviroscreen_2_0", "inputs").merge(read("calenviroscreen_2_0", "expected"), on="FIPS")
    options = {"above": 0, "ties": "max", "formula": "highest", "to": (0.0, 100.0)}
    y = run("percent_rank", merged[indicator], **options)
    np.testing.assert_allclose(y, merged[f"pctl_{indicator}"], rtol=0, atol=1e-12)


# Welsh Index of Multiple Deprivation 2019: exponentially transformed domain scores, printed with 8 decimals, of
# ranks among 1,909 areas (1 = most deprived).
@pytest.mark.parametrize("domain", ["Income", "Health", "Access", "Environment"])
def test_wimd_exponential_scores(domain):
    merged = read("wales_wimd_2019", "inputs").merge(read("wales_wimd_2019", "expected"), on="lsoa11_code")
    share = run("rescale", merged[f"{domain}_rank"], **{"from": (1910.0, 1.0), "to": (0.0, 1.0)})
    y = run("exponential", share)
    np.testing.assert_allclose(y, merged[f"{domain}_score"], rtol=0, atol=1e-8)


# Scottish Indices of Deprivation 2003, appendix 5: with 23, "ten percent of wards have a score higher than 50".
def test_a_tenth_of_the_areas_score_above_50():
    y = run("exponential", np.arange(1, 1223) / 1222)
    assert np.isclose((y > 50).mean(), 0.1, atol=0.003)
    assert y[-1] == pytest.approx(100, abs=1e-12)


# Hyndman and Fan (1996), type 7; R: quantile(c(1, 2, 4, 8, 16), c(.05, .95)) is 1.2 and 14.4.
def test_quantiles_are_linear():
    np.testing.assert_allclose(run("clip", [1.0, 2, 4, 8, 16], low="p5", high="p95"), [1.2, 2, 4, 8, 14.4], rtol=1e-14)


# OECD and JRC (2008), Handbook on Constructing Composite Indicators, section 1.5, definitions on three numbers.
def test_the_handbooks_normalisations():
    x = [10.0, 15.0, 30.0]
    np.testing.assert_allclose(run("minmax", x), [0, 0.25, 1])
    np.testing.assert_allclose(run("zscore", x, sd="population"), (np.array(x) - 55 / 3) / np.std(x))
    np.testing.assert_allclose(run("rank", x), [1, 2, 3])
    np.testing.assert_allclose(run("rescale", x, **{"from": (0.0, "max"), "to": (0.0, 1.0)}), [1 / 3, 1 / 2, 1])
