"""Ranks, quantiles and sums from blocks are those of the whole: heavy tails, ties, gaps, periods, little memory."""

from __future__ import annotations

import functools
import signal
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.errors import TableError
from cityindex.methods._arrays import significant
from cityindex.methods.rank import rank
from cityindex.methods.rank_blocks import Buckets, buckets_for, rank_bucket
from cityindex.scale import ranking
from cityindex.scale.collect import Ask, look, merge
from cityindex.scale.lesson import Lesson
from cityindex.scale.needs import Needs
from cityindex.scale.ranking import Ranking
from cityindex.scale.work import BlockFile

TIES = ["min", "max", "average", "dense"]


def files_of(values, folder, size, periods=None):
    """Block files as the scoring pass leaves them, with the column that ranks need."""
    files = []
    for number, start in enumerate(range(0, len(values), size)):
        columns = {"place": pa.array(values[start : start + size])}
        if periods is not None:
            columns["when"] = pa.array(periods[start : start + size]).dictionary_encode()
        files.append(BlockFile(Path(folder) / f"block-{number}.arrow"))
        files[-1].write(pa.RecordBatch.from_pydict(columns), {})
    return files


def shapes(rng, rows, kind):
    values = {
        "normal": lambda: rng.normal(50, 10, rows),
        "heavy": lambda: rng.pareto(0.2, rows) * rng.choice([-1, 1], rows),
        "huge": lambda: rng.choice([1e300, -1e300, 1e-300, 0.0, -0.0, 5.0], rows),
        "one": lambda: np.full(rows, 3.25),
        "few": lambda: rng.integers(0, 4, rows).astype(float),
        "clump": lambda: np.where(rng.random(rows) < 0.9, 1 + rng.random(rows) * 1e-9, rng.normal(0, 1e6, rows)),
        "gaps": lambda: np.where(rng.random(rows) < 0.5, np.nan, rng.random(rows)),
        "none": lambda: np.full(rows, np.nan),
    }[kind]()
    return significant(values)


KINDS = ["normal", "heavy", "huge", "one", "few", "clump", "gaps", "none"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 400), st.sampled_from(KINDS), st.sampled_from(TIES), st.integers(1, 90))
def test_blocks_rank_as_the_whole(seed, rows, kind, ties, size):
    values = shapes(np.random.default_rng(seed), rows, kind)
    with tempfile.TemporaryDirectory() as folder:
        found = Ranking(files_of(values, folder, size), [ties], Path(folder))
        np.testing.assert_array_equal(np.concatenate(list(found.blocks())), rank(values, ties=ties, first="lowest"))
        whole = rank(values, ties=ties, first="lowest")
        assert found.whole == bool((whole[~np.isnan(whole)] % 1 == 0).all())


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("kind", KINDS)
def test_periods_are_ranked_apart(kind, ties, tmp_path, monkeypatch):
    monkeypatch.setattr(ranking, "IN_MEMORY", 100)  # the values go to a file
    rng = np.random.default_rng(3)
    values, periods = shapes(rng, 3000, kind), rng.choice([f"{year}" for year in range(1990, 2020)], 3000)
    found = np.concatenate(list(Ranking(files_of(values, tmp_path, 700, periods), [ties], tmp_path).blocks()))
    for period in set(periods):
        own = periods == period
        np.testing.assert_array_equal(found[own], rank(values[own], ties=ties, first="lowest"))


def test_more_periods_than_buckets(tmp_path, monkeypatch):
    monkeypatch.setattr(ranking, "CODES", 64)
    monkeypatch.setattr("cityindex.methods.rank_blocks.CODES", 64)
    rng = np.random.default_rng(4)
    values, periods = rng.random(2000), rng.integers(0, 300, 2000).astype(str)
    found = np.concatenate(list(Ranking(files_of(values, tmp_path, 700, periods), ["min"], tmp_path).blocks()))
    for period in set(periods):
        own = periods == period
        np.testing.assert_array_equal(found[own], rank(values[own], first="lowest"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.booleans(), st.integers(0, 12))
def test_buckets_never_fall(numbers, by_size, bits):
    values = np.sort(np.array(numbers))
    with np.errstate(over="ignore"):
        chosen = buckets_for(values[0], values[-1], 1 << bits, values)
    for buckets in (chosen, Buckets(values[0], values[-1], 1 << bits, by_size=True)):
        codes = buckets.of(values).astype(int)
        assert (np.diff(codes) >= 0).all()
        assert codes.max() < buckets.count
        assert (codes[1:][values[1:] == values[:-1]] == codes[:-1][values[1:] == values[:-1]]).all()


def test_a_long_tail_is_parted_by_size():
    values = 10.0 ** np.arange(0, 12)
    assert len(set(Buckets(1.0, 1e11, 16).of(values).tolist())) < 4
    assert len(set(buckets_for(1.0, 1e11, 16, values).of(values).tolist())) >= 9


def test_an_empty_bucket():
    assert rank_bucket(np.empty(0), "min", 3, 2)[1] == 0


# -- quantiles, selected over passes ----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 300), st.sampled_from(KINDS), st.sampled_from([0, 3, 1 << 20]))
def test_quantiles_are_selected_exactly(seed, rows, kind, room):
    """Whatever may be gathered at once, the quantile is numpy's to the last bit."""
    rng = np.random.default_rng(seed)
    x = np.stack([shapes(rng, rows, kind), rng.normal(0, 1, rows)], axis=1)
    shares = (0.05, 0.5, 1.0, float(rng.random()))
    lesson = Lesson.of(Needs(quantiles=shares, deviation=True))
    asked = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cityindex.scale.lesson.GATHERED", room)
        while lesson.ask is not None:
            cut = int(rng.integers(0, rows + 1))
            lesson.take(merge(look(x[:cut], lesson.ask), look(x[cut:], lesson.ask)))
            asked += 1
            assert asked < 12
    known = lesson.summary()
    for share in shares:
        for column, found in zip(x.T, known.quantiles[share], strict=True):
            own = column[~np.isnan(column)]
            assert np.isnan(found) if not len(own) else found == np.quantile(own, share)
    for column, found in zip(x.T, known.spread, strict=True):
        own = column[~np.isnan(column)]
        assert not len(own) or found == np.quantile(np.abs(own - np.quantile(own, 0.5)), 0.5)


# -- sums, merged -----------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 200), st.integers(1, 60), st.sampled_from([1e-3, 1.0, 1e6]))
def test_sums_merge_to_those_of_the_whole(seed, rows, size, centre):
    rng = np.random.default_rng(seed)
    x = centre + rng.lognormal(0, 1, (rows, 3))
    gaps = np.where(rng.random(x.shape) < 0.2, np.nan, x)
    ask = Ask(Needs(spread=True, totals=("sum", "reciprocals", "norm")))
    parts = [look(gaps[start : start + size], ask) for start in range(0, rows, size)]
    total = functools.reduce(merge, parts)
    there = ~np.isnan(gaps).all(axis=0)
    own = gaps[:, there]
    np.testing.assert_allclose(total.mean[there], np.nanmean(own, axis=0), rtol=1e-12)
    squares = np.nansum(np.square(own - np.nanmean(own, axis=0)), axis=0)
    np.testing.assert_allclose(total.squares[there], squares, rtol=1e-9, atol=1e-12 * centre)
    np.testing.assert_allclose(total.totals["sum"], np.nansum(gaps, axis=0), rtol=1e-12)
    np.testing.assert_allclose(total.totals["norm"], np.sqrt(np.nansum(gaps**2, axis=0)), rtol=1e-12)
    products = functools.reduce(
        merge, [look(x[start : start + size], Ask(Needs(moments=True))) for start in range(0, rows, size)]
    ).moments.products
    np.testing.assert_allclose(products, (x - x.mean(axis=0)).T @ (x - x.mean(axis=0)), rtol=1e-9, atol=1e-9 * centre)


def test_a_full_disk_is_told(tmp_path):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(TableError, match="where ranks are held: File too large"):
            ranking._held(tmp_path, 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
