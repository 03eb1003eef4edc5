"""What cannot be done in blocks, and what is wrong with the data: told in words, by file, row, unit and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scale_support import read, write

import cityindex as ci


def spec(steps=("minmax",), **more):
    children = [{"id": "gdp", "steps": list(steps)}, {"id": "jobs", "steps": list(steps)}]
    return {
        "cityindex": 1,
        "id": "toy",
        "unit": {"kind": "city", "key": "code"},
        "index": {"id": "score", "children": children, **more},
    }


def table(rows=40):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {"code": [f"C{row}" for row in range(rows)], "gdp": rng.random(rows) + 1, "jobs": rng.random(rows)}
    )


def refused(kind, index, frame, tmp_path, **options):
    path = frame if isinstance(frame, str | Path) else write(frame, tmp_path / "data.parquet", 13)
    options = {"block_rows": 10, "progress": False, **options}
    with pytest.raises(kind) as caught:
        ci.score_dataset(index, path, tmp_path / "out.parquet", **options)
    assert not (tmp_path / "out.parquet").exists()
    return str(caught.value)


# -- what cannot be done in blocks ------------------------------------------------------------------------------------


def test_methods_that_look_at_whole_columns_are_refused_before_any_row_is_read(tmp_path):
    frame = table().assign(gdp="no number")
    text = refused(ci.ScoreError, spec([{"winsorise": {"points": 3}}, "minmax"]), frame, tmp_path)
    assert "toy cannot be calibrated block by block" in text
    assert "gdp, jobs: winsorise moves points one after another" in text
    assert "calibration=" in text
    assert "treat treats by the shape" in refused(ci.ScoreError, spec([{"treat": {"points": 2}}]), frame, tmp_path)
    assert "boxcox finds its power" in refused(ci.ScoreError, spec(["boxcox"]), frame, tmp_path)
    text = refused(ci.ScoreError, spec(aggregate="topsis"), frame, tmp_path)
    assert "score: topsis compares units" in text
    assert "merec looks at whole columns" in refused(ci.ScoreError, spec(weights="merec"), frame, tmp_path)
    entropy = {"entropy": {"scale": "minmax"}}
    assert "entropy scales, shifts or turns" in refused(ci.ScoreError, spec(weights=entropy), frame, tmp_path)


def test_such_an_index_is_scored_with_a_calibration(tmp_path):
    index, path = spec([{"winsorise": {"points": 3}}, "minmax"], aggregate="topsis"), tmp_path / "data.parquet"
    learned = ci.calibrate(index, write(table(), path, 13))
    ci.score_dataset(index, path, tmp_path / "out.parquet", calibration=learned, block_rows=7, progress=False)
    pd.testing.assert_series_equal(read(tmp_path / "out.parquet")["score"], ci.score(index, path).to_frame()["score"])


def test_a_method_of_the_users_that_learns_is_refused_and_one_that_does_not_runs(tmp_path):
    def learn(ref):
        return {"top": ref.max(axis=0)}

    @ci.step(learn=learn, sign=1)
    def own_share(x, params):
        """Own share."""
        return x / params["top"]

    @ci.step(sign=1)
    def own_half(x, params):
        """Own half."""
        return x / 2

    text = refused(ci.ScoreError, spec(["own_share"]), table(), tmp_path)
    assert "own_share is a method of yours, and learns" in text
    path = write(table(), tmp_path / "data.parquet", 13)
    ci.score_dataset(spec(["own_half", "minmax"]), path, tmp_path / "out.parquet", block_rows=7, progress=False)


def test_more_different_numbers_than_a_calibration_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("cityindex.scale.collect.DISTINCT", 30)
    text = refused(ci.ScoreError, spec(["percent_rank"]), table(), tmp_path)
    assert "gdp: percent_rank: more than 30 different numbers" in text


# -- what is wrong with the data --------------------------------------------------------------------------------------


def test_texts_in_a_column_of_numbers(tmp_path):
    frame = table().astype({"gdp": object})
    frame.loc[[3, 17], "gdp"] = ["about 4", "1,23"]
    frame["gdp"] = frame["gdp"].astype(str)
    text = refused(ci.TableError, spec(), frame, tmp_path)
    assert "unit C3 (data.parquet, row 4), column gdp: 'about 4'" in text
    assert "unit C17 (data.parquet, row 18), column gdp: '1,23' is not clear" in text
    learned = ci.calibrate(spec(), table())
    assert (
        text.splitlines()[1:] == refused(ci.TableError, spec(), frame, tmp_path, calibration=learned).splitlines()[1:]
    )


def test_infinite_numbers(tmp_path):
    frame = table()
    frame.loc[25, "jobs"] = np.inf
    text = refused(ci.TableError, spec(), frame, tmp_path)
    assert "unit C25 (data.parquet, row 26), column jobs: inf is infinite" in text


def test_missing_children(tmp_path):
    frame = table()
    frame.loc[[4, 30], "gdp"] = np.nan
    text = refused(ci.ScoreError, spec(), frame, tmp_path)
    assert "unit C4 (data.parquet, row 5), gdp: missing, and score refuses missing children" in text
    assert "unit C30 (data.parquet, row 31)" in text


def test_numbers_outside_the_domain_of_a_method(tmp_path):
    frame = table()
    frame.loc[35, "jobs"] = 0
    text = refused(ci.ScoreError, spec(["log", "minmax"]), frame, tmp_path)
    assert "unit C35 (data.parquet, row 36), jobs: log" in text


def test_only_the_first_of_very_many_problems_are_looked_at(tmp_path):
    text = refused(ci.ScoreError, spec(), table(4000).assign(gdp=np.nan, jobs=np.nan), tmp_path)
    assert "gdp: minmax: the column has no number to learn from" in text
    learned = ci.calibrate(spec(), table())
    text = refused(ci.ScoreError, spec(), table(4000).assign(gdp=np.nan), tmp_path, calibration=learned)
    assert "was not looked at" in text
    assert len(text.splitlines()) < 60


def test_a_label_that_was_not_learned(tmp_path):
    index = spec([{"minmax": {"within": "region"}}])
    learned = ci.calibrate(index, table().assign(region="east"))
    frame = table().assign(region=["east"] * 39 + ["west"])
    text = refused(ci.ScoreError, index, frame, tmp_path, calibration=learned)
    assert "region = 'west' was not learned (units: C39 (data.parquet, row 40)" in text


def test_no_rows_in_the_reference(tmp_path):
    index = {**spec(), "reference": {"year": 1999}}
    assert "no rows to learn from" in refused(ci.ScoreError, index, table().assign(year=2000), tmp_path)
    index["index"]["children"] = [{"id": "gdp"}]
    assert "no rows to learn from" in refused(ci.ScoreError, index, table().assign(year=2000), tmp_path)


def test_units_that_stand_twice_and_rows_without_a_key(tmp_path):
    frame = table()
    frame.loc[31, "code"] = " C7"
    text = refused(ci.TableError, spec(), frame, tmp_path)
    assert "unit C7: stands 2 times (data.parquet, row 8 and data.parquet, row 32)" in text
    frame.loc[[12, 31], "code"] = ["", None]
    text = refused(ci.TableError, spec(), frame, tmp_path)
    assert "no key (data.parquet, row 13)" in text
    assert "no key (data.parquet, row 32)" in text


def test_a_unit_may_stand_once_in_each_period(tmp_path):
    index = spec()
    frame = pd.concat([table().assign(year=year) for year in (2020, 2021)], ignore_index=True)
    assert "is one of the columns a period?" in refused(ci.TableError, index, frame, tmp_path)
    index["unit"]["period"] = "year"
    path = write(frame, tmp_path / "data.parquet", 13)
    ci.score_dataset(index, path, tmp_path / "out.parquet", block_rows=7, progress=False)
    (tmp_path / "out.parquet").unlink()
    frame.loc[3, "year"] = 2021
    assert "unit C3 (2021): stands 2 times" in refused(ci.TableError, index, frame, tmp_path)


@pytest.mark.parametrize("prefix", ["", "城", "a" * 300], ids=["short", "chinese", "long"])
def test_keys_of_all_lengths_are_told_apart(prefix, tmp_path, monkeypatch):
    frame = table(300)
    frame["code"] = [prefix + str(row) for row in range(300)]
    path = write(frame, tmp_path / "data.parquet", 100)
    ci.score_dataset(spec(), path, tmp_path / "out.parquet", block_rows=70, progress=False)
    (tmp_path / "out.parquet").unlink()
    frame.loc[299, "code"] = prefix + "0"
    assert "stands 2 times" in refused(ci.TableError, spec(), frame, tmp_path)
    monkeypatch.setattr("cityindex.scale.keys.AT_ONCE", 50)  # a share of the keys at a time
    assert "stands 2 times" in refused(ci.TableError, spec(), frame, tmp_path)


def test_columns_that_are_not_there(tmp_path):
    text = refused(ci.TableError, spec(), table().drop(columns=["jobs"]), tmp_path)
    assert "jobs" in text


def test_only_some_cells_with_a_per_cent_sign(tmp_path):
    frame = table()
    frame["gdp"] = [f"{value:.2f}{'%' if row < 20 else ''}" for row, value in enumerate(frame["gdp"])]
    path = write(frame, tmp_path / "data.parquet", 20)
    text = refused(ci.TableError, spec(), path, tmp_path, block_rows=20)
    assert "column gdp: 20 cells are per cents and 20 are not" in text


def test_files_that_are_none(tmp_path):
    assert "no file or folder" in refused(ci.TableError, spec(), tmp_path / "nothing.parquet", tmp_path)
    (tmp_path / "data.csv").write_text("code,gdp\n")
    assert "a CSV file can be made one" in refused(ci.TableError, spec(), tmp_path / "data.csv", tmp_path)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no more")
    assert "bad.parquet: cannot be read as Parquet" in refused(
        ci.TableError, spec(), tmp_path / "bad.parquet", tmp_path
    )
    assert "has no rows" in refused(ci.TableError, spec(), table()[:0], tmp_path)
    (tmp_path / "empty").mkdir()
    assert "no Parquet files in this folder" in refused(ci.TableError, spec(), tmp_path / "empty", tmp_path)


def test_a_file_that_breaks_off(tmp_path):
    path = write(table(4000), tmp_path / "data.parquet", 1000)
    whole = path.read_bytes()
    path.write_bytes(whole[:2000] + bytes(4000) + whole[6000:])
    text = refused(ci.TableError, spec(), path, tmp_path, block_rows=100)
    assert "data.parquet: cannot be read" in text


def test_files_of_a_folder_that_differ(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    write(table(), folder / "a.parquet")
    write(table().drop(columns="jobs").assign(more=1), folder / "b.parquet")
    text = refused(ci.TableError, spec(), folder, tmp_path)
    assert "b.parquet: lacks columns that a.parquet has: 'jobs'" in text
    assert "b.parquet: has columns that a.parquet lacks: 'more'" in text


def test_outputs_that_cannot_be(tmp_path):
    path = write(table(), tmp_path / "data.parquet", 13)

    def told(out):
        with pytest.raises(ci.TableError) as caught:
            ci.score_dataset(spec(), path, out, progress=False)
        return str(caught.value)

    assert "it is read as input" in told(path)
    assert "there is no folder" in told(tmp_path / "no" / "out.parquet")
    assert "a file .parquet, or a folder" in told(tmp_path / "out.csv")
    assert "it holds other things" in told(tmp_path)[:200] or "the data are in it" in told(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    assert "it holds other things (notes.txt)" in told(tmp_path / "full")


def test_arguments_that_cannot_be(tmp_path):
    assert "block_rows=0" in refused(ci.ScoreError, spec(), table(), tmp_path, block_rows=0)
    assert "an executor of concurrent.futures" in refused(ci.ScoreError, spec(), table(), tmp_path, executor=3)
    with pytest.raises(ci.TableError, match=r"source: a DataFrame; .* is scored by score\(\)"):
        ci.score_dataset(spec(), table(), tmp_path / "out.parquet", progress=False)
    with pytest.raises(ci.TableError, match="out: a NoneType; the path of a Parquet file"):
        ci.score_dataset(spec(), tmp_path / "data.parquet", None, progress=False)
    text = refused(ci.ScoreError, spec(), table(), tmp_path, executor=3, scheduler="tcp://127.0.0.1:1")
    assert "not both" in text
    assert "a dict; a Calibration" in refused(ci.CalibrationError, spec(), table(), tmp_path, calibration={})


def test_nothing_is_left_of_a_refused_run_but_what_is_finished(tmp_path):
    refused(ci.TableError, spec(), table().assign(gdp=np.inf), tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["data.parquet"]
    frame = table()
    frame.loc[39, "gdp"] = np.nan
    refused(ci.ScoreError, spec(), frame, tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"data.parquet", "out.parquet.work"}
    write(table(), tmp_path / "data.parquet", 13)
    scored = ci.score_dataset(
        spec(), tmp_path / "data.parquet", tmp_path / "out.parquet", block_rows=10, progress=False
    )
    assert "started over: the data changed since the run before" in str(scored)
    assert {each.name for each in tmp_path.iterdir()} == {"data.parquet", "out.parquet"}


def test_a_type_that_is_no_table(tmp_path):
    nested = pa.table({"code": ["a", "b"], "gdp": [[1.0], [2.0]], "jobs": [1.0, 2.0]})
    pq.write_table(nested, tmp_path / "data.parquet")
    with pytest.raises(ci.TableError, match="column gdp"):
        ci.score_dataset(spec(), tmp_path / "data.parquet", tmp_path / "out.parquet", progress=False)
