"""What may stand in the files, and what is told where something is wrong."""

from __future__ import annotations

import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scale_support import assert_same_numbers, both, read, write

import cityindex as ci

SPEC = {
    "cityindex": 1,
    "id": "toy",
    "unit": {"kind": "city", "key": "code", "label": "name"},
    "index": {
        "id": "score",
        "missing": "reweight",
        "tiers": {"cuts": [0.7, 0.4], "labels": ["一线", "二线", "三线"]},
        "children": [
            {"id": "gdp", "title": "GDP（亿元）", "steps": ["minmax"]},
            {"id": "jobs", "steps": ["minmax"]},
            {"id": "group", "missing": "propagate", "children": [{"id": "x", "steps": ["zscore"]}]},
        ],
    },
}


def cities(rows=60, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "code": [f"{row:06d}" for row in range(rows)],
            "name": [f"城{row}" if row % 7 else "" for row in range(rows)],
            "gdp": rng.lognormal(3, 1, rows),
            "jobs": rng.integers(0, 900, rows),
            "x": rng.normal(0, 1, rows).astype(np.float32),
        }
    )


def arrow_of(frame, **types):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for name, kind in types.items():
        place = table.schema.get_field_index(name)
        column = table.column(name)
        table = table.set_column(place, name, column.dictionary_encode() if kind == "dictionary" else column.cast(kind))
    return table


@pytest.mark.parametrize(
    "kinds",
    [
        {},
        {"code": pa.large_string(), "name": pa.dictionary(pa.int8(), pa.string())},
        {"code": pa.int32(), "jobs": pa.int8()},
        {"gdp": pa.float32(), "jobs": pa.uint16(), "x": pa.float16()},
        {"gdp": pa.decimal128(12, 3), "jobs": pa.string()},
        {"code": pa.float64(), "jobs": "dictionary"},
        {"code": pa.string_view()},
    ],
    ids=str,
)
def test_columns_of_every_kind(kinds, tmp_path):
    frame = cities()
    frame["jobs"] = frame["jobs"].clip(upper=100)
    if str(kinds.get("gdp", "")).startswith("decimal"):
        frame["gdp"] = [decimal.Decimal(f"{value:.3f}") for value in frame["gdp"]]
    pq.write_table(arrow_of(frame, **kinds), tmp_path / "data.parquet", row_group_size=25)
    both(SPEC, tmp_path / "data.parquet", tmp_path / "out.parquet", block_rows=11)


def test_nulls_and_nan_are_missing(tmp_path):
    frame = cities()
    frame["jobs"] = frame["jobs"].astype("Int64").mask(frame.index % 9 == 0)
    frame.loc[::5, "gdp"] = np.nan
    frame.loc[3:9, "x"] = np.nan
    scored, result = both(SPEC, write(frame, tmp_path / "data.parquet", 25), tmp_path / "out.parquet", block_rows=11)
    assert sorted(map(str, scored.notes)) == sorted(map(str, result.notes))
    schema = pq.read_schema(tmp_path / "out.parquet")
    assert not schema.field("code").nullable
    assert schema.field("group").nullable


def test_numbers_as_people_write_them_are_read_and_counted(tmp_path):
    frame = cities()
    frame["gdp"] = [f"{value:,.2f}" if row % 3 else "—" for row, value in enumerate(frame["gdp"] * 1000)]
    scored, result = both(SPEC, write(frame, tmp_path / "data.parquet", 25), tmp_path / "out.parquet", block_rows=11)
    assert sorted(map(str, scored.notes)) == sorted(map(str, result.notes))
    assert "40 cells with thousands separators" in str(scored)


def test_names_that_nearly_fit_and_aliases(tmp_path):
    frame = cities().rename(columns={"gdp": "GDP", "jobs": "Jobs (2020)", "x": "ex", "code": "Code"})
    path = write(frame, tmp_path / "data.parquet", 25)
    table = ci.read_table(path, aliases={"x": "ex"})
    scored = ci.score_dataset(SPEC, path, tmp_path / "out.parquet", aliases={"x": "ex"}, block_rows=11, progress=False)
    result = ci.score(SPEC, table)
    assert_same_numbers(read(tmp_path / "out.parquet"), result.to_frame())
    assert sorted(map(str, scored.notes)) == sorted(map(str, result.notes))


def test_a_mark_for_missing(tmp_path):
    frame = cities()
    frame.loc[::4, "jobs"] = -999
    path = write(frame, tmp_path / "data.parquet", 25)
    ci.score_dataset(SPEC, path, tmp_path / "out.parquet", missing=[-999], block_rows=11, progress=False)
    assert_same_numbers(read(tmp_path / "out.parquet"), ci.score(SPEC, ci.read_table(path, missing=[-999])).to_frame())


def test_an_index_of_pandas_is_the_key(tmp_path):
    spec = {**SPEC, "unit": {"kind": "city", "label": "name"}}
    frame = cities().set_index("code")
    frame.to_parquet(tmp_path / "named.parquet")
    both(spec, tmp_path / "named.parquet", tmp_path / "out.parquet", block_rows=11)
    frame.index.name = None
    frame.to_parquet(tmp_path / "unnamed.parquet")
    both(spec, tmp_path / "unnamed.parquet", tmp_path / "out.parquet", block_rows=11)


def test_a_folder_of_files_some_of_them_empty(tmp_path):
    frame = cities(90)
    folder = tmp_path / "data"
    folder.mkdir()
    for place, part in enumerate([frame[:40], frame[40:40], frame[40:41], frame[41:]]):
        write(part, folder / f"part-{place}.parquet", 9)
    write(frame, folder / "_temporary.parquet")
    ci.score_dataset(SPEC, folder, tmp_path / "scores", block_rows=13, progress=False)
    whole = ci.score(SPEC, write(frame, tmp_path / "whole.parquet")).to_frame()
    assert_same_numbers(read(tmp_path / "scores"), whole)
    ci.score_dataset(SPEC, folder, tmp_path / "scores", block_rows=50, progress=False)  # it takes the old one's place
    assert_same_numbers(read(tmp_path / "scores"), whole)


PANEL = {
    **SPEC,
    "unit": {"kind": "city", "key": "code", "period": "year"},
    "reference": {"year": 2020},
}


def panel():
    parts = [cities(40, seed).assign(year=year) for seed, year in enumerate([2020, 2021, 2022])]
    return pd.concat(parts).sample(frac=1, random_state=1).reset_index(drop=True)


def test_ranks_are_within_a_period(tmp_path):
    path = write(panel(), tmp_path / "data.parquet", 25)
    scored, result = both(PANEL, path, tmp_path / "out.parquet", block_rows=17)
    assert read(tmp_path / "out.parquet")["rank"].max() == 40
    beyond = [note for note in scored.notes if note.kind == "beyond"]
    assert {note.node for note in beyond} == {note.node for note in result.notes if note.kind == "beyond"}
    for note in beyond:
        (other,) = [each for each in result.notes if each.kind == "beyond" and each.node == note.node]
        assert set(note.units) <= set(other.units)


def test_folders_named_by_a_period_are_a_column(tmp_path):
    frame = panel()
    for year, part in frame.groupby("year"):
        folder = tmp_path / "data" / f"year={year}"
        folder.mkdir(parents=True)
        write(part.drop(columns="year"), folder / "part.parquet", 9)
    ci.score_dataset(PANEL, tmp_path / "data", tmp_path / "out.parquet", block_rows=13, progress=False)
    ordered = pd.concat([part for _, part in frame.groupby("year")]).astype({"year": str})
    assert_same_numbers(read(tmp_path / "out.parquet"), ci.score(PANEL, ordered.reset_index(drop=True)).to_frame())


def test_editions_are_indices_of_their_own(tmp_path):
    changed = {
        "score": {"rank": {"ties": "max", "first": "lowest"}, "tiers": {"equal": 2}},
        "gdp": {"steps": ["zscore"]},
    }
    spec = {**PANEL, "editions": {2021: changed}}
    spec.pop("reference")
    path = write(panel(), tmp_path / "data.parquet", 25)
    scored, result = both(spec, path, tmp_path / "out.parquet", block_rows=17)
    learned = ci.calibrate_dataset(spec, path, block_rows=13, progress=False)
    assert set(learned.editions) == {"2021"}
    both(spec, path, tmp_path / "out.parquet", block_rows=17, calibration=result.calibration)
    del scored


def test_given_groups_enter_with_their_values(tmp_path):
    frame = cities().rename(columns={"x": "group"})
    both(SPEC, write(frame, tmp_path / "data.parquet", 25), tmp_path / "out.parquet", block_rows=11)
    frame["gdp"] = frame["gdp"] / 100
    path = write(frame, tmp_path / "given.parquet", 25)
    both(SPEC, path, tmp_path / "out.parquet", block_rows=11, given=["gdp"])


def test_a_calibration_scores_another_table(tmp_path):
    old, new = write(cities(80, 1), tmp_path / "old.parquet", 25), write(cities(70, 2), tmp_path / "new.parquet", 30)
    learned = ci.calibrate_dataset(SPEC, old, block_rows=7, progress=False)
    learned.save(tmp_path / "learned.json")
    scored, result = both(
        SPEC, new, tmp_path / "out.parquet", exact=True, block_rows=9, calibration=tmp_path / "learned.json"
    )
    assert scored.passes == 1
    assert {note.node for note in scored.notes if note.kind == "beyond"} == {
        note.node for note in result.notes if note.kind == "beyond"
    }
    other = {**SPEC, "index": {**SPEC["index"], "missing": "propagate"}}
    with pytest.raises(ci.CalibrationError, match="learned for 'toy'"):
        ci.score_dataset(other, new, tmp_path / "out.parquet", calibration=learned, progress=False)


def made_up(spec, rows=120):
    """A table that a shipped index reads, with made-up numbers; within the goalposts where there are some."""
    rng = np.random.default_rng(7)
    table = pd.DataFrame({spec.unit.key or "unit": [f"U{row}" for row in range(rows)]})
    for role in (spec.unit.label, spec.unit.period):
        if role is not None and role not in table:
            table[role] = rng.choice([2019, 2020], rows) if role == spec.unit.period else "甲"
    for node in spec.indicators:
        low, high = sorted(node.goalposts or (1.0, 60.0))
        for name in (node.column or node.id, node.per):
            if name is not None and name not in table and node.value is None:
                table[name] = rng.uniform(low + (high - low) / 50, high, rows).round(3)
    named = [name for node in spec.nodes.values() for name in (node.where or {})]
    named += [call.within for node in spec.nodes.values() for call in node.steps if call.within]
    for name in set(named) - set(table):
        table[name] = "1"
    for name, value in (spec.reference or {}).items():
        table[name] = np.where(np.arange(rows) % 3, str(value[0] if isinstance(value, tuple) else value), "other")
    for group in spec.groups:
        if not group.children:
            table[group.id] = rng.uniform(1, 99, rows)
    return table


@pytest.mark.parametrize("name", [entry.id for entry in ci.list_indices()])
def test_shipped_indices(name, tmp_path):
    spec = ci.load_index(name)
    path = write(made_up(spec), tmp_path / "data.parquet", 50)
    try:
        ci.score(spec, path)
    except ci.CityIndexError as error:
        kind = type(error)
        with pytest.raises(kind):
            ci.score_dataset(spec, path, tmp_path / "out.parquet", block_rows=37, progress=False)
        if kind is not ci.UnpublishedError:
            pytest.skip(f"made-up numbers do not do: {str(error).splitlines()[-1]}")
        return
    both(spec, path, tmp_path / "out.parquet", block_rows=37)


@pytest.mark.parametrize("kind", ["indicator", "group"])
def test_what_is_imputed_outside_where_is_learned_from_by_nobody(kind, tmp_path):
    steps = [{"impute": "mean"}, "zscore"]
    leaf = {"id": "a", "where": {"area": "east"}, "steps": steps}
    group = {"id": "g", "where": {"area": "east"}, "missing": "propagate", "steps": steps, "children": ["a"]}
    children = [leaf if kind == "indicator" else group, {"id": "b", "steps": ["minmax"]}]
    spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "missing": "reweight", "children": children}}
    frame = pd.DataFrame({"unit": [*"vwxyz"], "area": ["east"] * 3 + ["west"] * 2})
    frame["a"], frame["b"] = [1.0, 3.0, np.nan, 100.0, np.nan], [1.0, 2.0, 3.0, 4.0, 5.0]
    path = write(frame, tmp_path / "data.parquet", 2)
    _, result = both(spec, path, tmp_path / "out.parquet", block_rows=2)
    learned = result.calibration.nodes["a" if kind == "indicator" else "g"]["steps"][1]
    assert learned == {"mean": 2.0, "sd": 1.0}  # of 1, 3 and the 2 that was imputed


def test_texts_that_are_stored_as_bytes(tmp_path):
    spec = {"cityindex": 1, "id": "one", "index": {"id": "score", "children": [{"id": "a", "steps": ["minmax"]}]}}
    spec["reference"] = {"area": "东"}
    columns = {"unit": [*"vwxyz"], "area": ["东", "东", "东", "西", "西"], "a": ["1", "2", "3", "4", "5"]}
    table = pa.table({name: pa.array([text.encode() for text in texts]) for name, texts in columns.items()})
    pq.write_table(table, tmp_path / "data.parquet", row_group_size=2)
    scored, _ = both(spec, tmp_path / "data.parquet", tmp_path / "out.parquet", block_rows=2)
    assert read(scored.path)["unit"].tolist() == [*"vwxyz"]
