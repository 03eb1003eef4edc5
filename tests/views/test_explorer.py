"""The explorer: what the page holds, what it refuses, and in a browser that its numbers are the library's."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np
import pytest
from browser import DESKTOP, PHONE, chromium, opened
from typer.testing import CliRunner

import cityindex as ci
from cityindex.cli.commands import app
from cityindex.errors import DependencyError, NotFoundError, ScoreError, SpecError
from cityindex.views.explorer.page import ASSETS, SCRIPTS, explorer_data, explorer_html

NASTY = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "=1+1",
    '"quoted", & more',
    "昆山市",
    "行\u2028二",
]


def spec(**index):
    return {
        "cityindex": 1,
        "id": "county-demo",
        "title": {"zh": "县域<b>指数</b>", "en": "County </script> index"},
        "unit": {"kind": "county", "key": "code", "label": "name"},
        "defaults": {"indicator": {"steps": [{"minmax": {"to": [1, 100]}}]}},
        "index": {
            "id": "score",
            "publish": [{"round": 1}],
            "tiers": {"equal": 4, "labels": ["领先", "=较强", "中等", "起步"]},
            "children": [
                {
                    "id": "innovation",
                    "title": {"zh": "创新", "en": "Innovation"},
                    "weight": "40%",
                    "aggregate": "geometric",
                    "missing": "reweight",
                    "children": [
                        {"id": "rd", "weight": "50%"},
                        {"id": "patents", "weight": "30%"},
                        {"id": "talent", "weight": "20%"},
                    ],
                },
                {
                    "id": "economy",
                    "weight": "35%",
                    "missing": {"impute": {"use": "mean"}},
                    "children": [{"id": "gdp", "weight": "25%"}, {"id": "exports", "weight": "75%"}],
                },
                {
                    "id": "life",
                    "weight": "25%",
                    "steps": [{"minmax": {"to": [1, 100]}}],
                    "children": ["air", {"id": "housing", "direction": "less"}],
                },
            ],
            **index,
        },
    }


COLUMNS = ["rd", "patents", "talent", "gdp", "exports", "air", "housing"]


def table(count=60, seed=3):
    random = np.random.default_rng(seed)
    data = {"code": [f"{number:04d}" for number in range(count)], "name": [f"县{number}" for number in range(count)]}
    for place, name in enumerate(NASTY[:count]):
        data["name"][place] = name
    for name in COLUMNS:
        data[name] = np.round(random.gamma(3, 10, count), 2)
    data["talent"][5:9] = np.nan
    data["exports"][7:12] = np.nan
    return data


@pytest.fixture(scope="module")
def result():
    return ci.score(spec(), table())


@pytest.fixture(scope="module")
def page_file(result, tmp_path_factory):
    presets = {"推断 </script>": {"score": {"innovation": 0.6, "economy": 0.2, "life": 0.2}}}
    return ci.write_explorer(result, tmp_path_factory.mktemp("explorer") / "index.html", presets=presets)


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


def groups_of(data):
    return {group["id"]: group for group in data["groups"]}


# -- what the page holds ----------------------------------------------------------------------------------------------


def test_text_of_users_cannot_end_the_script(result):
    html = explorer_html(result)
    assert html.count("</script>") == 2
    assert "<img" not in html
    inlined = re.search(r'id="explorer-data">(.*?)</script>', html, re.DOTALL)[1]
    assert json.loads(inlined)["units"]["labels"][: len(NASTY)] == NASTY
    assert "<title>县域&lt;b&gt;指数&lt;/b&gt;</title>" in html
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html
    assert not re.search(r'(src|href)="(?!data:,")', html)


def test_a_page_of_300_units_is_below_a_megabyte():
    assert len(explorer_html(ci.score(spec(), table(300))).encode()) < 1_000_000


def test_every_kind_of_group_is_recomputed(result):
    data = explorer_data(result)
    groups = groups_of(data)
    assert list(groups) == ["innovation", "economy", "life", "score"]
    assert data["fixed"] == []
    assert [operation["op"] for operation in groups["life"]["steps"]] == ["linear"]
    assert groups["score"]["children"][1]["filled"] == []  # what was imputed lies under economy: a column
    assert data["tiers"]["places"] == [14, 29, 44]
    assert len(data["trials"]) == 6
    assert any(trial["aggregates"] for trial in data["trials"])


def test_an_aggregator_that_compares_units_is_fixed_with_all_below_it():
    made = spec()
    made["index"]["children"][0]["aggregate"] = "geometric"
    data = explorer_data(ci.score({**made, "index": {**made["index"], "aggregate": "topsis"}}, table()))
    assert data["groups"] == []
    assert [group["id"] for group in data["fixed"]] == ["innovation", "economy", "life", "score"]
    assert "topsis" in data["fixed"][-1]["reason"]["en"]
    assert "score" in data["fixed"][0]["reason"]["en"]
    assert data["trials"] == []


def test_a_step_that_the_page_does_not_repeat_fixes_its_group_alone():
    made = spec()
    made["index"]["children"][2]["steps"] = ["percent_rank"]
    data = explorer_data(ci.score(made, table()))
    assert [group["id"] for group in data["fixed"]] == ["life"]
    assert "percent_rank" in data["fixed"][0]["reason"]["en"]
    assert list(groups_of(data)) == ["innovation", "economy", "score"]


def test_weights_that_are_no_shares_are_held():
    made = spec(aggregate="sum")
    for child, weight in zip(made["index"]["children"], (1, 1, -1), strict=True):
        child["weight"] = weight
    data = explorer_data(ci.score(made, table()))
    assert "negative" in groups_of(data)["score"]["held"]["en"]
    assert groups_of(data)["economy"]["held"] is None


def test_filling_from_siblings_fixes_the_groups_that_fill():
    made = spec(missing={"impute": {"use": "siblings"}})
    made["index"]["children"][0]["missing"] = {"reweight": {"at_least": 3}}
    data = explorer_data(ci.score(made, table()))
    assert [group["id"] for group in data["fixed"]] == ["innovation", "economy", "life"]
    assert list(groups_of(data)) == ["score"]


def test_tiers_that_were_learned_elsewhere_are_held():
    calibration = ci.calibrate(spec(), table(200, seed=9))
    data = explorer_data(ci.score(spec(), table(), calibration=calibration))
    assert data["tiers"]["places"] is None
    assert data["tiers"]["cuts"] == list(calibration.nodes["score"]["tiers"])


def test_the_last_period_is_shown_unless_one_is_named():
    made = spec()
    made["unit"] = {"kind": "county", "key": "code", "label": "name", "period": "year"}
    data = table()
    data["year"] = [2023 if number % 2 else 2024 for number in range(60)]
    result = ci.score(made, data)
    assert explorer_data(result)["period"] == "2024"
    shown = explorer_data(result, period="2023")
    assert len(shown["units"]["keys"]) == 30
    with pytest.raises(NotFoundError, match=r"'2022'.*202[34]"):
        explorer_data(result, period="2022")


def test_scores_that_the_table_gives_leave_nothing_to_move():
    data = explorer_data(
        ci.score(spec(), {"code": ["a", "b", "c", "d"], "score": [4.0, 3.0, 2.0, 1.0]}, given=["score"])
    )
    assert data["groups"] == data["fixed"] == []


# -- what is refused --------------------------------------------------------------------------------------------------


def test_bad_arguments_say_what_is_allowed(result, tmp_path):
    with pytest.raises(NotFoundError, match="'zh' or 'en'"):
        ci.write_explorer(result, tmp_path / "x.html", language="fr")
    with pytest.raises(NotFoundError, match=r"scor.*Did you mean 'score'"):
        explorer_data(result, presets={"mine": {"scor": {"innovation": 1}}})
    with pytest.raises(SpecError, match="life"):
        explorer_data(result, presets={"mine": {"score": {"innovation": 1, "economy": 1}}})
    with pytest.raises(NotFoundError, match="no periods"):
        explorer_data(result, period="2024")
    assert not (tmp_path / "x.html").exists()


def test_a_preset_cannot_move_what_is_fixed():
    made = spec()
    made["index"]["children"][2]["steps"] = ["percent_rank"]
    result = ci.score(made, table())
    with pytest.raises(SpecError, match=r"'mine'.*life.*percent_rank"):
        explorer_data(result, presets={"mine": {"life": {"air": 0.9, "housing": 0.1}}})


def test_an_uncertainty_run_of_another_index_is_refused(result):
    other = ci.score(spec(), table(30))
    run = ci.uncertainty(other, choices=ci.vary.weights("simplex"), draws=20)
    with pytest.raises(ScoreError, match="60 units"):
        explorer_data(result, uncertainty=run)
    run = ci.uncertainty(result, choices=ci.vary.weights("simplex"), draws=20)
    assert explorer_data(result, uncertainty=run)["units"]["interval"]["draws"] == 20


def test_an_uncertainty_run_of_other_scores_of_the_same_units_is_refused(result):
    other = ci.score(ci.with_weights(result.spec, {"score": {"innovation": 1, "economy": 1, "life": 1}}), table())
    run = ci.uncertainty(other, choices=ci.vary.weights("simplex"), draws=20)
    with pytest.raises(ScoreError, match="not of the scores of these 60 units"):
        explorer_data(result, uncertainty=run)


@pytest.mark.parametrize("presets", [[{"score": {}}], {"mine": 5}, {5: {}}, {" ": {}}])
def test_presets_that_are_none_say_what_is_allowed(result, presets):
    with pytest.raises(SpecError, match=r"allowed: \{name: a spec, or"):
        explorer_data(result, presets=presets)


def test_small_scores_are_shown_with_digits_that_tell_them_apart():
    made = {"cityindex": 1, "id": "small", "index": {"id": "score", "children": ["a"]}}
    data = {"city": ["x", "y"], "a": [0.00012, 0.00013]}
    assert explorer_data(ci.score(made, data))["digits"] == 8


def test_the_widget_has_weights_only_where_the_spec_takes_them():
    pytest.importorskip("anywidget", reason="anywidget is not installed: no widget")
    result = ci.score(EXTREME, table())
    widget = ci.explore(result)
    assert "score" not in widget.weights  # a minimum
    ci.with_weights(result.spec, widget.weights)


def test_weights_are_held_where_they_alone_took_a_value_away():
    made = spec()
    made["index"]["children"][0]["children"][2]["weight"] = "0%"
    made["index"]["children"][0]["children"][1]["weight"] = "50%"
    made["index"]["missing"] = "reweight"
    data = table()
    data["rd"][3] = data["patents"][3] = np.nan  # 3 has talent alone, which has no weight
    groups = groups_of(explorer_data(ci.score(made, data)))
    assert "without weight" in groups["innovation"]["held"]["en"]
    assert groups["score"]["held"] is None


def test_the_widget_needs_anywidget(result, monkeypatch):
    from cityindex.views.explorer import widget

    monkeypatch.setitem(__import__("sys").modules, "anywidget", None)
    widget._widget_class.cache_clear()
    with pytest.raises(DependencyError, match=r"cityindex\[notebook\]"):
        ci.explore(result)
    widget._widget_class.cache_clear()


def test_the_widget_holds_the_same_data(result):
    pytest.importorskip("anywidget", reason="anywidget is not installed: no widget")
    widget = ci.explore(result, language="en")
    assert widget.payload["id"] == "county-demo"
    assert widget.weights["economy"] == {"gdp": 0.25, "exports": 0.75}
    assert "export default" in widget._esm
    ci.with_weights(result.spec, widget.weights)


def test_the_command_writes_the_page(tmp_path):
    import pandas as pd

    pd.DataFrame(table()).to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "spec.yaml").write_text(ci.dump(ci.load_spec(spec())), encoding="utf-8")
    (tmp_path / "w.yaml").write_text("score: {innovation: 1, economy: 1, life: 2}", encoding="utf-8")
    names = [str(tmp_path / name) for name in ("spec.yaml", "data.csv", "out.html")]
    command = ["explore", *names[:2], "-o", names[2], "--preset", f"mine={tmp_path / 'w.yaml'}", "--draws", "20"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert '"mine"' in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, ["explore", *names[:2], "-o", str(tmp_path / "out.pdf")]).exit_code != 0


def test_the_command_takes_a_preset_once(tmp_path):
    done = CliRunner().invoke(
        app, ["explore", "a.yaml", "b.csv", "-o", str(tmp_path / "x.html"), "--preset", "m=a", "--preset", "m=b"]
    )
    assert done.exit_code == 2


# -- in a browser -----------------------------------------------------------------------------------------------------


def shown_rows(page):
    """Rank and unit of the rows in sight."""
    rows = page.locator(".cix-table tbody:not([aria-hidden]) tr")
    return rows.evaluate_all(
        "rows => rows.map(row => [row.querySelector('.cix-rank').innerText, row.querySelector('.cix-unit').innerText])"
    )


def csv_of(page, tmp_path):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    path = tmp_path / "scores.csv"
    waiting.value.save_as(path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def assert_same(rows, result):
    """The rows of a CSV file against a result of the library."""
    ranks = dict(zip(result.units, result.ranks(), strict=True))
    scores = dict(zip(result.units, result.column(), strict=True))
    assert len(rows) == len(result)
    for row in rows:
        code = row["code"]
        assert float(row["名次"]) == ranks[code]
        assert float(row["得分"]) == pytest.approx(scores[code], rel=1e-12)


def rescored(result, weights, aggregate=None):
    """The library's own answer, with what was learned held: `life` scales by the range that it had."""
    made = ci.with_weights(result.spec, weights)
    for group, method in (aggregate or {}).items():
        made = ci.replace(made, group, aggregate=method)
    learned = result.calibration
    held = ci.Calibration(learned.index, ci.fingerprint(made), learned.nodes, learned.units, learned.source)
    return ci.score(made, result.table, calibration=held)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_shows_the_ranking_and_passes_its_self_test(browser, page_file, result, size):
    with opened(browser, page_file, size=size) as page:
        test = page.evaluate("window.cityindexSelfTest")
        assert test["passed"]
        assert test["trials"] == 6
        assert test["difference"] <= 1e-12
        assert test["ranks"]
        assert test["tiers"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        best = result.units.index(str(result.to_frame().sort_values("rank")["code"].iloc[0]))
        assert shown_rows(page)[0] == ["1", result.labels[best]]
        assert page.evaluate("document.querySelectorAll('.cix img, .cix b').length") == 0
        table = page.locator(".cix-table")
        assert table.evaluate("box => box.querySelector('table').offsetWidth <= box.clientWidth")


def test_a_wrong_number_fails_the_self_test(browser, page_file, tmp_path):
    text = page_file.read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(re.sub(r'"weights":\[0\.5,0\.3,0\.2\]', '"weights":[0.5,0.2,0.3]', text), encoding="utf-8")
    with opened(browser, broken) as page:
        assert not page.evaluate("window.cityindexSelfTest.passed")
        assert page.locator(".cix-failed").is_visible()


def test_moving_a_slider_gives_the_ranks_of_the_library(browser, page_file, result, tmp_path):
    with opened(browser, page_file) as page:
        page.get_by_label("“创新”在“score”中的权重", exact=True).fill("70")
        weights = {"score": {"innovation": 0.7, "economy": 0.175, "life": 0.125}}
        assert_same(csv_of(page, tmp_path), rescored(result, weights))
        assert page.get_by_label("“economy”在“score”中的权重，百分数").input_value() == "17.5"
        page.get_by_label("锁定“economy”的权重").check()
        page.get_by_label("“创新”在“score”中的权重，百分数").fill("50")
        page.get_by_label("“创新”在“score”中的权重，百分数").press("Enter")
        weights = {"score": {"innovation": 0.5, "economy": 0.175, "life": 0.325}}
        assert_same(csv_of(page, tmp_path), rescored(result, weights))


def test_aggregators_and_inner_weights_give_the_scores_of_the_library(browser, page_file, result, tmp_path):
    with opened(browser, page_file) as page:
        page.get_by_label("“economy”的合成方法").select_option("geometric")
        page.get_by_label("“score”的合成方法").select_option("harmonic")
        page.get_by_label("“air”在“life”中的权重", exact=True).fill("55")
        weights = {"life": {"air": 0.55, "housing": 0.45}}
        expected = rescored(result, weights, {"economy": "geometric", "score": "harmonic"})
        assert_same(csv_of(page, tmp_path), expected)
        page.get_by_label("“创新”的合成方法").select_option("minimum")
        assert page.get_by_label("“rd”在“创新”中的权重", exact=True).is_disabled()


def test_what_a_mean_cannot_take_is_undone_and_said(browser, tmp_path):
    made = spec()
    made["index"]["children"][2]["steps"] = [{"minmax": {"to": [0, 100]}}]
    path = ci.write_explorer(ci.score(made, table()), tmp_path / "zero.html", language="en")
    with opened(browser, path) as page:
        before = shown_rows(page)
        page.get_by_label("Aggregation of score").select_option("geometric")
        assert "above 0" in page.locator(".cix-alarm").inner_text()
        assert page.get_by_label("Aggregation of score").input_value() == "arithmetic"
        assert shown_rows(page) == before


def test_a_link_restores_the_weights(browser, page_file, result, tmp_path):
    with opened(browser, page_file) as page:
        page.get_by_label("“创新”在“score”中的权重", exact=True).fill("33.3")
        page.get_by_label("“economy”的合成方法").select_option("geometric")
        page.wait_for_timeout(300)
        fragment, rows = page.evaluate("location.hash"), csv_of(page, tmp_path)
    with opened(browser, page_file, fragment=fragment) as page:
        assert csv_of(page, tmp_path) == rows
        assert page.get_by_label("“economy”的合成方法").input_value() == "geometric"
        page.get_by_role("button", name="公布的权重").click()
        assert_same(csv_of(page, tmp_path), result)


def link_of(browser, page_file):
    """A link with the weights of innovation moved."""
    with opened(browser, page_file) as page:
        page.locator("input[type=number]").first.fill("50")
        page.locator("input[type=number]").first.press("Enter")
        page.wait_for_timeout(300)
        return page.evaluate("location.hash")


def test_a_link_holds_only_what_was_moved_and_fits_no_other_index(browser, page_file, result, tmp_path):
    link = link_of(browser, page_file)
    assert re.fullmatch(r"#v=[0-9a-f]{8}&w=score:0\.5,[0-9.]+,[0-9.]+", link)
    other = spec()
    other["index"]["children"][1]["children"].reverse()  # as many children, of the same groups
    path = ci.write_explorer(ci.score(other, table()), tmp_path / "other.html", language="en")
    with opened(browser, path, fragment=link) as page:
        assert "do not fit" in page.locator(".cix-alarm").inner_text()
        assert page.locator("input[type=number]").first.input_value() == "40"


@pytest.mark.parametrize(
    "said",
    [
        *("w=score:1,2", "w=nothing:0.5,0.5", "a=score:topsis", "w=score:2,-1,0", "w=score:0.5,0.5,NaN"),
        *("w=score:0.5,0.6,0.2", "w=%E0%A4%A:1,0,0", "x=1", "a=score:__proto__"),
    ],
)
def test_a_link_that_does_not_fit_is_told_and_not_used(browser, page_file, result, said, tmp_path):
    version = link_of(browser, page_file).split("&")[0]
    for fragment in (f"{version}&{said}", f"#{said}"):
        with opened(browser, page_file, fragment=fragment) as page:
            assert "不符" in page.locator(".cix-alarm").inner_text()
    with opened(browser, page_file, fragment=fragment) as page:
        assert "不符" in page.locator(".cix-alarm").inner_text()
        assert_same(csv_of(page, tmp_path), result)


def test_formulas_stay_text_in_the_csv(browser, page_file, tmp_path):
    with opened(browser, page_file) as page:
        names = {row["name"] for row in csv_of(page, tmp_path)}
    assert "'=1+1" in names
    assert "=1+1" not in names
    assert '"quoted", & more' in names


def test_search_pin_compare_and_language(browser, page_file, result):
    with opened(browser, page_file) as page:
        page.get_by_label("查找评价对象").fill("昆山")
        assert [name for _, name in shown_rows(page)] == ["昆山市"]
        page.get_by_label("置顶 昆山市").press("Enter")
        page.get_by_label("比较 昆山市").click()
        page.get_by_label("查找评价对象").fill("")
        assert shown_rows(page)[0][1] == "昆山市"
        page.get_by_label("查找评价对象").fill("县20")
        page.get_by_label("比较 县20").click()
        page.get_by_label("查找评价对象").fill("")
        texts = page.locator(".cix-compare tfoot td").all_inner_texts()
        carried = result.column(of="carried")
        rows = [result.row("昆山市"), result.row("县20")]
        assert [float(text.replace("−", "-")) for text in texts[:2]] == pytest.approx(
            [carried[row] for row in rows], abs=0.006
        )
        parts = result.contributions().by_leaf().iloc[rows[0]]
        shown = page.locator(".cix-compare tbody tr").evaluate_all(
            "rows => rows.map(row => [row.children[0].innerText, row.children[1].innerText])"
        )
        for name, text in shown:
            assert float(text.replace("−", "-")) == pytest.approx(
                parts.get(name, float(text.replace("−", "-"))), abs=0.006
            )
        page.get_by_role("button", name="Switch to English").click()
        assert page.get_by_role("heading", name="Weights").is_visible()
        assert page.get_by_label("Pin 昆山市").get_attribute("aria-pressed") == "true"


SPLITS = {
    "means": spec(),
    "via": spec(aggregate={"geometric": {"via": {"from": [0, 200], "to": [1, 10]}}}),
    "power": spec(aggregate={"power": {"exponent": 2}}, steps=[{"rescale": {"from": [0, 100], "to": [5, 10]}}]),
    "harmonic": spec(aggregate="harmonic"),
    "sum": spec(aggregate="sum"),
}
EXTREME = spec(aggregate="minimum")
for child in EXTREME["index"]["children"]:
    child.pop("weight")


@pytest.mark.parametrize("made", [*SPLITS.values(), EXTREME], ids=[*SPLITS, "minimum"])
def test_contributions_are_those_of_the_library(browser, made):
    result = ci.score(made, table())
    data = explorer_data(result)
    sources = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    code = """([sources, data]) => {
      const { createModel, publishedWeights, evaluate, contributionsOf } =
        new Function(`${sources}; return { createModel, publishedWeights, evaluate, contributionsOf };`)();
      const model = createModel(data), chosen = publishedWeights(model), values = evaluate(model, chosen);
      const split = (row) => contributionsOf(model, chosen, values, row);
      return data.units.keys.map((_, row) => split(row).map((part) => [part.path.join("/"), part.points]));
    }"""
    page = browser.new_page()
    found = page.evaluate(code, [sources, data])
    page.close()
    expected = result.contributions().values
    for row, parts in enumerate(found):
        own = expected.iloc[row].fillna(0.0)
        mine = dict.fromkeys(own.index, 0.0)
        for path, points in parts:
            mine[path or result.root] = points
        assert sum(mine.values()) == pytest.approx(result.column(of="carried")[row], rel=1e-9)
        assert [mine[path] for path in own.index] == pytest.approx(own.tolist(), abs=1e-9)


def kinds():
    """Specs that use what the page has to repeat: axes, nodes used twice, `where`, ties, cuts, odd steps."""
    used = spec(tiers={"cuts": [60, 40]}, rank={"ties": "average"}, publish=[{"round": 0}])
    used["index"]["children"][2]["publish"] = [{"round": -1}]
    used["index"]["children"][1]["children"].append({"use": "life", "of": "published", "weight": "50%"})
    used["index"]["children"][1]["weights_sum"] = "150%"
    where = spec(
        rank={"first": "lowest", "ties": "dense", "of": "carried"}, tiers={"natural_breaks": 3}, missing="reweight"
    )
    where["index"]["children"][2]["where"] = {"zone": ["a", "b"]}
    where["index"]["children"][0]["steps"] = [
        {"zscore": {"centre": 50, "scale": 10}},
        {"clip": {"low": "p5", "high": 70}},
    ]
    thin = spec(missing={"reweight": {"covered": "60%"}}, tiers={"quantiles": ["10%", "50%"]})
    thin["index"]["children"][0]["missing"] = "propagate"
    thin["index"]["children"][1]["weights"] = "entropy"
    for child in thin["index"]["children"][1]["children"]:
        child.pop("weight")
    zero = spec()  # a unit without a value may have a 0 under a geometric mean
    zero["index"]["children"][0]["missing"] = "propagate"
    zero["index"]["missing"] = "reweight"
    zero["index"]["children"][0]["children"][0]["steps"] = [{"rescale": {"from": [0, "max"], "to": [0, 100]}}]
    outside = spec(missing="reweight")  # zone c has nothing but a child without weight
    outside["index"]["children"][1]["children"] = [
        {"id": "gdp", "where": {"zone": ["a", "b"]}, "weight": 1},
        {"id": "exports", "weight": 0},
    ]
    within = spec()
    within["index"]["children"][1]["missing"] = {"impute": {"use": "median", "within": "zone"}}
    odd = {"used": used, "where": where, "thin": thin, "zero": zero, "outside": outside, "within": within}
    return odd | {"via": SPLITS["via"], "sum": SPLITS["sum"]}


@pytest.mark.parametrize("name", list(kinds()))
def test_every_kind_of_index_passes_the_self_test(browser, name, tmp_path):
    data = table() | {"zone": ["a", "b", "c"] * 20}
    data["rd"][5] = 0.0  # 5 lacks talent
    result = ci.score(kinds()[name], data)
    path = ci.write_explorer(result, tmp_path / "index.html", language="en")
    with opened(browser, path) as page:
        test = page.evaluate("window.cityindexSelfTest")
        assert test["passed"], test
        assert test["trials"] >= 4
        page.get_by_label("Weight of air in life", exact=True).fill("12")
        assert page.locator(".cix-alarm").inner_text() == ""


def test_a_score_that_would_be_lost_is_kept_and_said(browser, tmp_path):
    data = table()
    data["rd"][3] = data["patents"][3] = np.nan  # 3 has talent alone
    path = ci.write_explorer(ci.score(spec(), data), tmp_path / "index.html", language="en")
    with opened(browser, path) as page:
        page.get_by_label("Weight of talent in Innovation", exact=True).fill("0")
        assert '"quoted", & more' in page.locator(".cix-alarm").inner_text()
        assert page.get_by_label("Weight of talent in Innovation, in per cent").input_value() == "20"


def test_no_unit_drops_out_of_the_ranking_when_weights_move(browser, tmp_path):
    made = spec(missing="reweight")
    made["index"]["children"][1]["missing"] = made["index"]["children"][2]["missing"] = "propagate"
    data = table()
    for name in ("gdp", "air"):
        data[name][3] = np.nan  # 3 has innovation alone
    path = ci.write_explorer(ci.score(made, data), tmp_path / "index.html", language="en")
    with opened(browser, path) as page:
        field = page.get_by_label("Weight of Innovation in score, in per cent")
        field.fill("0")
        field.press("Enter")
        assert '"quoted", & more' in page.locator(".cix-alarm").inner_text()
        assert field.input_value() == "40"


def test_the_widget_script_renders_and_reports_weights(browser, result):
    pytest.importorskip("anywidget", reason="anywidget is not installed: no widget")
    widget = ci.explore(result, language="en")
    page = browser.new_page()
    code = """async ([source, payload]) => {
      const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
      const kept = { payload }, el = document.body;
      const model = { get: (name) => kept[name], set: (name, value) => { kept[name] = value; }, save_changes() {} };
      const stop = module.default.render({ model, el });
      const slider = el.querySelector("input[type=range]");
      slider.value = 60;
      slider.dispatchEvent(new Event("input"));
      await new Promise((done) => setTimeout(done, 600));
      stop();
      return [kept.weights.score, location.hash, Boolean(window.cityindexSelfTest)];
    }"""
    weights, fragment, shared = page.evaluate(code, [widget._esm, widget.payload])
    page.close()
    assert weights["innovation"] == pytest.approx(0.6)
    assert sum(weights.values()) == pytest.approx(1)
    assert fragment == ""
    assert not shared


def test_units_of_one_name_are_told_apart(browser, tmp_path):
    data = table()
    data["name"][20] = data["name"][30] = "鼓楼区"
    path = ci.write_explorer(ci.score(spec(), data), tmp_path / "index.html", language="zh")
    with opened(browser, path) as page:
        page.get_by_label("查找评价对象").fill("鼓楼")
        assert sorted(name for _, name in shown_rows(page)) == ["鼓楼区 (0020)", "鼓楼区 (0030)"]
        assert page.get_by_label("比较 鼓楼区 (0030)").count() == 1


def test_weights_that_went_to_nothing_come_back_in_proportion(browser, page_file):
    with opened(browser, page_file) as page:
        fields = page.locator("input[type=number]")
        for text in ("100", "40"):
            fields.first.fill(text)
            fields.first.press("Enter")
        economy = page.get_by_label("“economy”在“score”中的权重，百分数")
        assert economy.input_value() == "35"  # as published, and not half of 60
        economy.fill("")
        economy.blur()
        assert economy.input_value() == "35"


def test_the_other_language_leaves_nothing_said_in_the_first(browser, page_file):
    with opened(browser, page_file) as page:
        page.locator("summary").first.click()  # closed
        page.get_by_label("“创新”在“score”中的权重", exact=True).fill("70")
        page.locator(".cix-live", has_text="第 1 名").wait_for(state="attached", timeout=3000)
        page.get_by_role("button", name="Switch to English").click()
        assert page.locator(".cix-live").inner_text() == ""
        assert page.locator("details").evaluate_all("all => all.map((one) => one.open)") == [False, True, True]


def test_tiers_are_written_in_an_ink_that_can_be_read(browser):
    code = """(source) => {
      const toneOf = new Function(`${source}; return toneOf;`)();
      return Array.from({ length: 20 }, (_, count) =>
        Array.from({ length: count + 1 }, (_, tier) => toneOf(tier + 1, count + 1)),
      ).flat();
    }"""
    page = browser.new_page()
    tones = page.evaluate(code, (ASSETS / "dom.js").read_text(encoding="utf-8"))
    page.close()
    for tone in tones:
        parts = np.array([int(part) / 255 for part in re.findall(r"\d+", tone["background"])])
        light = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
        ink = 1.0 if tone["ink"] == "#fff" else 0.0
        assert (max(light, ink) + 0.05) / (min(light, ink) + 0.05) >= 4.5


def test_the_live_region_tells_what_moved(browser, page_file):
    with opened(browser, page_file) as page:
        page.get_by_label("“创新”在“score”中的权重", exact=True).press("ArrowRight")
        page.locator(".cix-live", has_text="第 1 名").wait_for(state="attached", timeout=3000)


def test_three_thousand_units_rank_again_with_few_rows_in_the_page(browser, tmp_path):
    path = ci.write_explorer(ci.score(spec(), table(3000)), tmp_path / "large.html")
    with opened(browser, path) as page:
        times = page.evaluate(
            """() => {
              const slider = document.querySelector("input[type=range]");
              return Array.from({ length: 50 }, (_, at) => {
                slider.value = 20 + at;
                const start = performance.now();
                slider.dispatchEvent(new Event("input"));
                document.body.offsetHeight; // layout too
                return performance.now() - start;
              });
            }"""
        )
        assert len(times) == 50  # how long they take is measured in benchmarks/views.py
        assert page.locator(".cix-table tr").count() < 60
        page.locator(".cix-table").evaluate("box => { box.scrollTop = box.scrollHeight; }")
        page.wait_for_timeout(100)
        assert shown_rows(page)[-1][0] == "3000"
