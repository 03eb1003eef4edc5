"""A table set against a spec: which column is what, and everything that does not fit at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cityindex._values import Frozen, Text
from cityindex.errors import TableError
from cityindex.spec.model import Call, Group, Indicator, Spec, Unit, Use
from cityindex.table import match, read_table


def build(*children, unit=None, also=(), reference=None, **root):
    index = Group("score", children=children, **root)
    reference = None if reference is None else Frozen(reference)
    return Spec(
        Frozen(), "toy", None, None, (), None, unit or Unit(), Frozen(), reference, index, tuple(also), places=Frozen()
    )


def refused(spec, columns, read=None, **options):
    with pytest.raises(TableError) as caught:
        match(spec, read_table(columns, **(read or {})), **options)
    return [str(problem) for problem in caught.value.problems]


def messages(found, kind):
    return [note.message for note in found.notes if note.kind == kind]


GDP = Indicator("gdp", title=Text({"zh": "地区生产总值（亿元）", "en": "Gross product"}))
AREA = Indicator("area")
CITY = Unit(key="city")


def test_everything_in_its_place():
    spec = build(GDP, AREA, unit=Unit(key="code", label="name", period="year"))
    table = read_table(
        {"name": ["甲", "", "甲"], "code": ["01", "02", "01"], "year": [2019, 2019, 2020.0]}
        | {"area": [1.0, 2.0, 3.0], "gdp": ["4", "5", "6"]}
    )
    found = match(spec, table)
    assert (found.key_column, found.label_column, found.period_column) == ("code", "name", "year")
    assert dict(found.columns) == {"gdp": "gdp", "area": "area"}
    assert found.keys == ["01", "02", "01"]
    assert found.labels.tolist() == ["甲", "02", "甲"]
    assert found.periods.tolist() == ["2019", "2019", "2020"]
    assert found.notes == ()
    assert (found.given, found.skipped) == ((), frozenset())
    assert found.table.place(2, "gdp") == "unit 01 (2020), column gdp"
    assert found.table.numbers("gdp").values.tolist() == [4, 5, 6]


@pytest.mark.parametrize(
    "column",
    [
        "gdp",
        "GDP",
        "地区生产总值（亿元）",
        "Gross product",
        "ＧＤＰ",
        "G_D-P",
        "地区生产总值",
        "地区生产总值(亿元)",
        "GDP（亿元）",
        "gross  product",
        "Gross_Product [bn]",
    ],
)
def test_an_indicator_finds_its_column_by_id_and_title_exactly_and_nearly(column):
    found = match(build(GDP), read_table({"city": ["a"], column: [1]}))
    assert found.columns["gdp"] == column
    exact = column in ("gdp", "地区生产总值（亿元）", "Gross product")
    assert len(messages(found, "column")) == (not exact)


def test_exact_comes_before_nearly():
    found = match(build(GDP), read_table({"city": ["a"], "GDP": [1], "gdp": [2], "地区生产总值": [3]}))
    assert found.columns["gdp"] == "gdp"
    assert messages(found, "unused") == ["2 columns are read by nothing: 'GDP', '地区生产总值'"]


def test_a_written_column_is_the_only_name():
    spec = build(Indicator("gdp", title=Text.of("Gross product"), column="GDP_2020"))
    assert match(spec, read_table({"city": ["a"], "GDP_2020": [1], "gdp": [2]})).columns["gdp"] == "GDP_2020"
    assert match(spec, read_table({"city": ["a"], "gdp 2020": [1], "gdp": [2]})).columns["gdp"] == "gdp 2020"
    assert refused(spec, {"city": ["a"], "Gross product": [1]}) == [
        "no column 'GDP_2020' for indicator gdp (Gross product)."
    ]


def test_a_column_written_like_the_id_leaves_the_title():
    spec = build(Indicator("gdp", title=Text.of("Gross product"), column="gdp"))
    assert match(spec, read_table({"city": ["a"], "Gross product": [1]})).columns["gdp"] == "Gross product"


def test_aliases():
    read = {"aliases": {"gdp": ["GDP_19", "GDP_20"], "code": "编号"}}
    spec = build(GDP, unit=Unit(key="code"))
    found = match(spec, read_table({"编号": ["a"], "GDP_20": [1]}, **read))
    assert (found.key_column, found.columns["gdp"]) == ("编号", "GDP_20")
    assert found.notes == ()
    both = match(spec, read_table({"编号": ["a"], "gdp": [2], "GDP_19": [1]}, **read))
    assert both.columns["gdp"] == "GDP_19"
    assert "reads column 'GDP_19' by its alias, and not 'gdp'" in messages(both, "column")[0]


def test_two_columns_that_fit_one_indicator():
    (problem,) = refused(build(GDP, unit=CITY), {"city": ["a"], "GDP": [1], "G.D.P": [2]})
    assert "columns 'GDP' and 'G.D.P' all fit indicator gdp" in problem


def test_a_bracketed_unit_is_not_another_bracketed_unit():
    spec = build(Indicator("x", title=Text.of("产值（亿元）")), unit=CITY)
    assert refused(spec, {"city": ["a"], "产值（增速）": [1]}) == [
        "no column 'x' or '产值（亿元）' for indicator x (产值（亿元）). Did you mean '产值（增速）'?"
    ]


def test_one_column_that_fits_two_indicators():
    spec = build(Indicator("a", title=Text.of("人均")), Indicator("b", title=Text.of("人均")), unit=CITY)
    (problem,) = refused(spec, {"city": ["u"], "人均": [1]})
    assert problem.startswith("column 人均: fits several nodes (indicator a (人均), indicator b (人均)): say which")
    (problem,) = refused(build(Indicator("a"), Indicator("A"), unit=CITY), {"city": ["u"], "a": [1]})
    assert problem.startswith("column a: fits several nodes (indicator a, indicator A)")


def test_two_indicators_may_say_one_column():
    spec = build(Indicator("a", column="x"), Indicator("b", column="x"))
    assert dict(match(spec, read_table({"city": ["u"], "x": [1]})).columns) == {"a": "x", "b": "x"}


def test_constants_read_nothing():
    spec = build(GDP, Indicator("one", value=1.0))
    assert dict(match(spec, read_table({"city": ["u"], "gdp": [1]})).columns) == {"gdp": "gdp"}


def test_per():
    spec = build(Indicator("exports", per="gdp"), Indicator("share", per="pop"), GDP, unit=CITY)
    columns = {"city": ["a"], "exports": [1], "share": [2], "GDP": [3], "POP (10k)": ["4"]}
    found = match(spec, read_table(columns))
    assert dict(found.per) == {"exports": "GDP", "share": "POP (10k)"}
    assert found.table.numbers("POP (10k)").values.tolist() == [4.0]
    del columns["POP (10k)"]
    columns["GDP"] = ["x"]
    assert refused(spec, columns) == [
        "no column 'pop' for per of indicator share.",
        "unit a, column GDP: 'x' is not a number",
    ]


def test_the_key_that_nobody_names():
    spec = build(GDP, AREA, unit=Unit(label="name", period="year"), where=Frozen({"sea": "1"}))
    columns = {"gdp": [1], "name": ["A"], "year": [2020], "sea": [1], "id": ["007"], "area": [2], "z": [1]}
    found = match(spec, read_table(columns))
    assert found.key_column == "id"
    assert messages(found, "key") == ["column id names the units: the first that no indicator reads"]
    assert dict(found.label_columns) == {"sea": "sea"}
    assert messages(found, "unused") == ["1 column is read by nothing: 'z'"]
    assert refused(build(GDP), {"gdp": [1]}) == [
        "no column is left to name the units: say unit: {key: …} in the spec, or key= when reading"
    ]


def test_the_key_that_is_said():
    columns = {"a": ["x"], "b": ["y"], "gdp": [1]}
    spec = build(GDP, unit=Unit(key="b"))
    assert match(spec, read_table(columns)).keys == ["y"]
    assert match(spec, read_table(columns, key="a")).keys == ["x"]
    assert match(spec, read_table(columns, key="a"), key="b").keys == ["y"]
    nearly = match(build(GDP, unit=Unit(key="B")), read_table(columns))
    assert nearly.keys == ["y"]
    assert messages(nearly, "column") == ["column 'b' is read for unit: key: it is nearly 'B'"]
    assert refused(build(GDP, unit=Unit(key="c")), {"C": ["a"], "c ": ["b"], "gdp": [1]}) == [
        "columns 'C' and 'c ' all fit unit: key 'c'"
    ]


def test_key_label_and_period_that_are_not_there():
    spec = build(GDP, unit=Unit(key="city", label="name", period="year"))
    assert refused(spec, {"citty": ["a"], "gdp": [1]}) == [
        "no column 'city' for unit: key. Did you mean 'citty'?",
        "no column 'year' for unit: period. The table has 'citty', 'gdp'.",
    ]
    spec = build(GDP, unit=Unit(key="city", label="name"))
    found = match(spec, read_table({"city": ["a"], "gdp": [1]}))
    assert found.labels is None
    assert messages(found, "label") == ["no one column 'name' for the labels: units are shown by their keys"]


def test_keys_twice_are_all_told():
    columns = {"city": ["a", "b", "a", "c", "b", "a", "d", "e", "f"], "gdp": list(range(9))}
    assert refused(build(GDP, unit=CITY), columns) == [
        "unit a: stands 3 times (rows 1 and 3 and 6)",
        "unit b: stands 2 times (rows 2 and 5)",
    ]


def test_keys_twice_in_different_periods_are_a_panel():
    columns = {"city": ["a", "b", "a", "b"], "year": [1, 1, 2, 2], "gdp": [1, 2, 3, 4]}
    spec = build(GDP, unit=Unit(key="city", period="year"))
    assert match(spec, read_table(columns)).keys == ["a", "b", "a", "b"]
    assert refused(spec, columns | {"year": [1, 1, 2, 1]}) == ["unit b (1): stands 2 times (rows 2 and 4)"]
    assert "is one of the columns a period?" in refused(build(GDP, unit=CITY), columns)[-1]


def test_rows_that_are_named_like_a_total_are_told():
    found = match(build(AREA, unit=CITY), read_table({"city": ["昆山市", "合计", "Average"], "area": [1, 2, 3]}))
    assert messages(found, "key") == [
        "unit 合计 (row 2) is named like a total, and is scored like any other: is it one of them?",
        "unit Average (row 3) is named like a total, and is scored like any other: is it one of them?",
    ]
    rows = {"city": ["a", "Total"] * 7, "year": np.repeat(range(7), 2), "area": range(14)}
    [message] = messages(match(build(AREA, unit=Unit(key="city", period="year")), read_table(rows)), "key")
    assert "unit Total (rows 2, 4, 6, 8, 10, …)" in message
    fine = match(build(AREA, unit=CITY), read_table({"city": ["全国 · mean", "Totalville"], "area": [1, 2]}))
    assert messages(fine, "key") == []


def test_rows_without_a_key_or_a_period():
    spec = build(GDP, unit=Unit(key="city", period="year"))
    columns = {"city": ["a", "", None, "d"], "year": [1, 1, 1, None], "gdp": [1, 2, 3, 4]}
    assert refused(spec, columns) == [
        "column city: no key in 2 of 4 rows (rows 2, 3)",
        "column year: no period in 1 of 4 rows (row 4)",
    ]


def test_a_footnote_under_the_table_is_told_with_its_words():
    columns = {"no": ["1", "注：本表不含飞地", ""], "city": ["a", "", ""], "gdp": [1, None, 7]}
    assert refused(build(GDP, unit=CITY), columns) == [
        "column city: no key in 2 of 3 rows (rows 2, 3); "
        "row 2 holds only '注：本表不含飞地': if it is a footnote, delete it from the file"
    ]
    numbers = {"city": ["a", ""], "gdp": [1, 2]}
    assert refused(build(GDP, unit=CITY), numbers) == ["column city: no key in 1 of 2 rows (row 2)"]


def test_all_problems_at_once():
    spec = build(GDP, AREA, Indicator("pop"), unit=CITY)
    with pytest.raises(TableError) as caught:
        match(spec, read_table({"city": ["a", "a", "c"], "gpd": [1, 2, 3], "area": ["1", "x", "3"], "pop": [1, 2, 3]}))
    assert str(caught.value).splitlines() == [
        "mapping does not fit toy (its columns: 'city', 'gpd', 'area', 'pop'):",
        "  no column 'gdp' or '地区生产总值（亿元）' or 'Gross product' for indicator gdp "
        "(地区生产总值（亿元） · Gross product). Did you mean 'gpd'?",
        "  unit a: stands 2 times (rows 1 and 2)",
        "  unit a, column area: 'x' is not a number",
    ]


def test_swapped_columns():
    spec = build(GDP, AREA, unit=CITY)
    columns = {"city": ["a", "b", "c"], "gdp": ["苏州", "苏州", "无锡"], "area": [1, 2, 3]}
    assert refused(spec, columns) == [
        "column gdp: 3 of 3 cells are not numbers (first: '苏州' of a); does it stand in another column's place?"
    ]


def test_notes_of_numbers_and_of_the_file(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("city;gdp\n昆山市;1,234\n江阴市;—\n\n", encoding="utf-8")
    found = match(build(GDP, unit=CITY), read_table(path))
    assert [(note.kind, note.node, note.column, str(note)) for note in found.notes] == [
        ("file", None, None, "data.csv: the delimiter is a semicolon"),
        ("file", None, None, "1 empty row left out (at the end)"),
        ("numbers", "gdp", "gdp", "column gdp: 1 cell with thousands separators (first: '1,234' of 昆山市)"),
        ("numbers", "gdp", "gdp", "column gdp: read as missing: 1 '—' (first: 江阴市)"),
    ]


def test_label_columns_of_where_within_and_reference():
    steps = (Call("step", "zscore", within="region"),)
    missing = Call("missing", "impute", within="continent")
    group = Group("g", children=(Indicator("gdp", steps=steps),), missing=missing, where=Frozen({"sea": "0"}))
    spec = build(group, unit=CITY, reference={"year": ("2010",)})
    columns = {"city": ["a"], "gdp": [1], "Region": ["x"], "continent": ["y"], "sea": [0], "year": [2010]}
    found = match(spec, read_table(columns))
    assert dict(found.label_columns) == {"year": "year", "sea": "sea", "continent": "continent", "region": "Region"}
    assert not messages(found, "unused")
    del columns["Region"], columns["year"]
    assert refused(spec, columns) == [
        "no column 'year' for reference. The table has 'city', 'gdp', 'continent', 'sea'.",
        "no column 'region' for within of gdp. The table has 'city', 'gdp', 'continent', 'sea'.",
    ]


NESTED = (
    Group("infra", title=Text.of("基础设施"), children=(Indicator("broadband"), Indicator("outage"))),
    Group("economy", children=(GDP, AREA)),
)


def test_a_group_enters_by_its_name():
    for column in ("infra", "基础设施"):
        found = match(build(*NESTED, unit=CITY), read_table({"city": ["a"], column: [1], "gdp": [2], "area": [3]}))
        assert found.given == ("infra",)
        assert found.columns["infra"] == column
        assert found.skipped == {"broadband", "outage"}
        assert messages(found, "given") == [
            f"column {column}: read as the value of group infra, since nothing below it is there"
        ]


def test_the_deepest_columns_are_read():
    """A published table with the total and its parts is computed from the parts."""
    columns = {"city": ["a"], "score": [9], "infra": [1], "economy": [2]}
    found = match(build(*NESTED, unit=CITY), read_table(columns))
    assert found.given == ("infra", "economy")
    assert found.skipped == {"broadband", "outage", "gdp", "area"}
    assert messages(found, "unused") == [
        "1 column is read by nothing: 'score'",
        "column score: group score is computed; given=['score'] would read it instead",
    ]
    alone = match(build(*NESTED, unit=CITY), read_table({"city": ["a"], "score": [9]}))
    assert alone.given == ("score",)
    assert alone.skipped == {"infra", "economy", "broadband", "outage", "gdp", "area"}


def test_given_is_said():
    columns = {"city": ["a"], "infra": [1], "broadband": [5], "gdp": [2], "area": [3]}
    assert refused(build(*NESTED, unit=CITY), columns) == [
        "no column 'outage' for indicator outage. "
        "Column 'infra' has the name of its group: given=['infra'] reads that instead."
    ]
    found = match(build(*NESTED, unit=CITY), read_table(columns), given=["infra"])
    assert found.given == ("infra",)
    assert messages(found, "unused") == ["1 column is read by nothing: 'broadband'"]
    both = match(build(*NESTED, unit=CITY), read_table(columns | {"score": [1]}), given=["infra", "score"])
    assert both.given == ("score", "infra")
    assert dict(both.columns) == {"score": "score", "infra": "infra"}


def test_a_given_indicator_is_not_divided():
    spec = build(Indicator("exports", per="gdp", steps=(Call("step", "log", within="region"),)), unit=CITY)
    found = match(spec, read_table({"city": ["a"], "exports": [1]}), given="exports")
    assert (found.given, dict(found.columns), dict(found.per)) == (("exports",), {"exports": "exports"}, {})


def test_given_that_is_not_there():
    assert refused(build(*NESTED, unit=CITY), {"city": ["a"], "gdp": [1], "area": [2]}, given=["infra", "econmy"]) == [
        "given: toy has no node 'econmy'. Did you mean 'economy'?",
        "no column 'infra' or '基础设施' for group infra (基础设施).",
    ]


def test_side_results():
    side = Group("side", children=(Use("gdp"), Use("infra")))
    columns = {"city": ["a"], "broadband": [1], "outage": [1], "gdp": [2], "area": [3]}
    found = match(build(*NESTED, unit=CITY, also=[side]), read_table(columns))
    assert (found.given, found.skipped) == ((), frozenset())
    own = Group("own", children=(Use("gdp"), Indicator("ports")))
    assert refused(build(*NESTED, unit=CITY, also=[own]), columns) == ["no column 'ports' for indicator ports."]
    (problem,) = refused(build(*NESTED, unit=CITY, also=[own]), columns | {"own": [1]})
    assert problem.endswith("Column 'own' has the name of its group: given=['own'] reads that instead.")
    found = match(build(*NESTED, unit=CITY, also=[own]), read_table(columns | {"own": [1]}), given=["own"])
    assert (found.given, found.skipped) == (("own",), {"ports"})


def test_a_side_result_of_used_nodes_is_computed_although_a_column_has_its_name():
    side = Group("side", children=(Use("gdp"), Use("infra")))
    columns = {"city": ["a"], "broadband": [1], "outage": [1], "gdp": [2], "area": [3], "side": [4]}
    found = match(build(*NESTED, unit=CITY, also=[side]), read_table(columns))
    assert found.given == ()
    assert "given=['side'] would read it instead" in messages(found, "unused")[1]


def test_a_node_used_elsewhere_is_needed_although_its_group_is_given():
    side = Group("side", children=(Use("broadband"),))
    spec = build(*NESTED, unit=CITY, also=[side])
    columns = {"city": ["a"], "infra": [1], "broadband": [1], "gdp": [2], "area": [3]}
    found = match(spec, read_table(columns), given=["infra"])
    assert found.skipped == {"outage"}
    assert found.columns["broadband"] == "broadband"


def test_a_large_frame_is_neither_copied_nor_looped_over():
    values = pd.DataFrame(np.ones((1000, 30)), columns=[f"x{j}" for j in range(30)])
    values.insert(0, "city", [f"u{i}" for i in range(1000)])
    found = match(build(*(Indicator(f"x{j}") for j in range(30))), read_table(values))
    for column in found.columns.values():
        assert np.shares_memory(found.table.numbers(column).values, values[column].to_numpy())
