"""Every one-letter typo in a key, a method or an option has to be told at load, at its line."""

from __future__ import annotations

import re

import pytest
import yaml

from cityindex.errors import SpecError
from cityindex.spec import load_spec

CITY = """\
cityindex: 1
id: digital-city
title: {zh: 城市数字经济指数, en: City digital economy index}
edition: 2020
source: A yearbook
unit: {kind: city, key: name, label: label, period: year}
provenance: {weight: published, missing: inferred}
reference: {year: 2010}
defaults:
  indicator: {steps: [{minmax: {to: [0, 100], beyond: hold}}]}
  group: {missing: {reweight: {at_least: 60%, covered: 51%}}}
index:
  id: score
  weights_sum: 100%
  publish: [{round: {digits: 1, how: half even}}]
  rank: {of: carried, ties: dense, first: highest}
  tiers: {cuts: [85, 65], labels: [一线, 二线, 三线]}
  children:
    - id: services
      title: 城市服务
      weight: 35%
      note: printed on page 12
      children:
        - broadband
        - {id: outage, direction: less}
        - {id: exports, per: gdp, goalposts: [0, 0.4], steps: [{goalposts: {to: [0, 100], scale: linear}}]}
        - {id: jobs, column: employed, steps: [{clip: {low: p5, high: p95}}, {zscore: {sd: population, within: year}}]}
    - id: industry
      weight: 65%
      where: {coastal: 1}
      provenance: {children: assumed}
      aggregate: {geometric: {via: {from: [0, 100], to: [1, 2]}}}
      children: [patents, {use: services, of: published}]
also:
  - id: gap
    aggregate: product
    missing: propagate
    children: [{use: services, weight: 1}, {use: industry, weight: -1}]
editions:
  2011: {outage: {direction: more}, services: {weight: 40%}, industry: {weight: 60%}}
"""

DEVELOPMENT = """\
cityindex: 1
id: development
edition: 2021
unit: {kind: country, key: iso3, label: country}
defaults:
  indicator: {steps: [goalposts]}
index:
  id: hdi
  aggregate: geometric
  publish: [{round: 3}]
  rank: {of: published}
  children:
    - {id: health, column: le, goalposts: [20, 85], title: Life expectancy at birth}
    - id: education
      missing: {impute: {use: median, within: region, at_least: 2}}
      tiers: {natural_breaks: {count: 4}}
      children:
        - {id: eys, goalposts: [0, 18], title: Expected years of schooling}
        - {id: mys, goalposts: [0, 15], title: Mean years of schooling}
    - {id: income, column: gnipc, goalposts: [100, 75000], steps: [{goalposts: {scale: log, beyond: allow}}]}
"""

DEPRIVATION = """\
cityindex: 1
id: deprivation
unit: {kind: area, key: code}
defaults:
  indicator: {direction: less, steps: [{rescale: {from: [1910, 1], to: [0, 1]}}, {exponential: {scale: 23, top: 100}}]}
index:
  id: imd
  aggregate: sum
  weights_sum: 99.9%
  publish: [{percent_rank: {ties: max, formula: highest, above: 0, to: [0, 100]}}]
  rank: {of: carried}
  tiers: {equal: 10}
  children:
    - {id: Income, column: Income_rank, weight: 29.9%}
    - {id: Health, weight: 40%, direction: more, steps: [{log: {plus: 1}}, {power: 2}]}
    - {id: Crime, weight: 30%, steps: [{distance: {to: 3}}, {rescale: {from: [0, max], to: [1, 0]}}]}
also:
  - id: spread
    weights: {ahp: {judgements: {Income: {Health: 3}}, method: geometric, limit: 0.2}}
    children: [{use: Income}, {use: Health}]
"""

SKIPPED = {"title", "source", "where", "reference", "judgements"}  # what stands under these are the user's own words


def words(text: str) -> list[tuple[int, int, str]]:
    """(line, index in the text, word) of every key, method, option and used id."""
    found: list[tuple[int, int, str]] = []

    def visit(node: yaml.Node, under: str) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if under not in SKIPPED and not (under == "editions" and key.value.isdigit()):
                    found.append((key.start_mark.line + 1, key.start_mark.index, key.value))
                visit(value, key.value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if isinstance(item, yaml.ScalarNode) and under in ("steps", "publish"):
                    found.append((item.start_mark.line + 1, item.start_mark.index, item.value))
                visit(item, under)
        elif under in ("use", "aggregate", "missing"):
            found.append((node.start_mark.line + 1, node.start_mark.index, node.value))

    visit(yaml.compose(text), "")
    return sorted(set(found))


def typos(word: str) -> set[str]:
    """One letter left out, swapped with the next, or another in its place."""
    left_out = {word[:i] + word[i + 1 :] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    other = {word[:i] + ("x" if word[i] != "x" else "k") + word[i + 1 :] for i in range(len(word))}
    return {typo for typo in left_out | swapped | other if typo not in ("", word)}


@pytest.mark.parametrize("text", [CITY, DEVELOPMENT, DEPRIVATION], ids=["city", "development", "deprivation"])
def test_every_one_letter_typo_is_told_at_its_line(text):
    load_spec(text)
    missed = []
    count = 0
    for line, index, word in words(text):
        for typo in sorted(typos(word)):
            broken = text[:index] + typo + text[index + len(word) :]
            count += 1
            try:
                load_spec(broken)
            except SpecError as error:
                lines = {int(match[1]) for p in error.problems if (match := re.match(r"text:(\d+):", p.place))}
                if line in lines and len(error.problems) == 1:
                    continue
                missed.append((line, word, typo, str(error)))
            else:
                missed.append((line, word, typo, "loads"))
    assert count > 200
    assert not missed, missed[:5]
