"""Workbooks: sheets, titles, types of cells, what is shown and not stored."""

from __future__ import annotations

import datetime
import sys
import zipfile

import openpyxl
import pytest

from cityindex.errors import DependencyError, TableError
from cityindex.table import read_table


@pytest.fixture
def book(tmp_path):
    def book(*rows, name="data.xlsx", edit=None, **more):
        workbook = openpyxl.Workbook()
        sheets = {"Sheet": rows, **more}
        for title, cells in sheets.items():
            sheet = workbook.active if title == "Sheet" else workbook.create_sheet(title)
            for row in cells:
                sheet.append(row)
        if edit:
            edit(workbook)
        workbook.save(tmp_path / name)
        return tmp_path / name

    return book


def refused(path, **options):
    with pytest.raises(TableError) as caught:
        read_table(path, **options)
    return str(caught.value)


@pytest.fixture(params=["python_calamine", "openpyxl"])
def reader(request, monkeypatch):
    if request.param == "openpyxl":
        monkeypatch.setitem(sys.modules, "python_calamine", None)
    return request.param


def test_typed_cells(book, reader):
    path = book(["code", "gdp", "n"], ["0012", 1.5, 3], [12, None, 4.0], ["x", 2, None])
    table = read_table(path, key="code")
    assert table.text("code").tolist() == ["0012", "12", "x"]
    assert table.text("n").tolist() == ["3", "4", ""]
    assert table.numbers("gdp").values.tolist()[::2] == [1.5, 2.0]
    assert table.numbers("gdp").has_missing
    assert table.numbers("n").notes == ()
    assert table.source == "data.xlsx"
    assert table.lines.tolist() == [2, 3, 4]


def test_text_among_numbers(book, reader):
    table = read_table(book(["city", "gdp"], ["a", "1,234"], ["b", 5], ["c", "—"], ["d", True]), key="city")
    numbers = table.numbers("gdp")
    assert numbers.values.tolist()[:2] == [1234, 5]
    assert len(numbers.notes) == 2
    assert [str(problem) for problem in numbers.problems] == [
        "unit d, column gdp: 'True' is a yes or a no: write 1 and 0"
    ]


def test_dates_are_refused(book, reader):
    table = read_table(book(["city", "gdp"], ["a", datetime.date(2020, 3, 4)], ["b", 1]), key="city")
    assert "'2020-03-04' is a date" in str(table.numbers("gdp").problems[0])


def test_the_first_sheet_that_is_shown(book, reader):
    def hide(workbook):
        workbook["Sheet"].sheet_state = "hidden"

    path = book(["a"], ["1"], edit=hide, data=[["city", "gdp"], ["a", 1]], more=[["city"], ["b"]])
    table = read_table(path)
    assert table.source == "data.xlsx, sheet data"
    assert [note.message for note in table.notes] == [
        "data.xlsx has 3 sheets ('Sheet', 'data', 'more'): 'data' was read"
    ]
    chosen = read_table(path, sheet="more")
    assert chosen.columns == ("city",)
    assert chosen.notes == ()


def test_a_sheet_that_is_not_there(book, reader):
    path = book(["city"], ["a"], 数据=[["city"], ["a"]])
    assert refused(path, sheet="数 据") == "data.xlsx has no sheet '数 据'. Did you mean '数据'?"
    assert "the name of a sheet is wanted" in refused(path, sheet=1)


def test_titles_above_the_header(book, reader):
    def merge(workbook):
        workbook["Sheet"].merge_cells("A1:C1")

    path = book(["各市数据"], [], ["城市", "gdp", "area"], ["昆山市", 1, 2], ["江阴市", 3, 4], edit=merge)
    assert "say header=3" in refused(path)
    table = read_table(path, header=3, key="城市")
    assert table.lines.tolist() == [4, 5]
    assert table.numbers("area").values.tolist() == [2, 4]


def test_an_empty_first_row(book, reader):
    assert "row 1 is not the header (it is empty); row 2 looks like it" in refused(
        book([None, None], ["city", "gdp"], ["a", 1])
    )


def test_merged_names_in_the_header(book, reader):
    def merge(workbook):
        workbook["Sheet"].merge_cells("B1:C1")

    path = book(["city", "economy", None], [None, "gdp", "trade"], ["a", 1, 2], ["b", 3, 4], edit=merge)
    message = refused(path)
    assert "column 3 (C): no name in the header, but 3 cells below it" in message


def test_names_merged_over_two_header_rows(book, reader):
    def merge(workbook):
        workbook["Sheet"].merge_cells("A2:A3")
        workbook["Sheet"].merge_cells("B2:C2")

    rows = [["title"], ["city", "economy", None], [None, "gdp", "trade"], ["a", 1, 2], ["b", 3, 4]]
    message = refused(book(*rows, edit=merge), header=3)
    assert "column 1 (A): no name in the header" in message
    assert "'city' stands above it: write it into the header row" in message
    assert "stands above" not in refused(book(["title"], [None, "gdp"], ["a", 1], ["b", 3]), header=2)


def test_a_table_that_starts_in_the_second_column(book, reader):
    table = read_table(book([None, "city", "gdp"], [None, "a", 1], [None, "b", 2]))
    assert table.columns == ("city", "gdp")
    assert [note.message for note in table.notes] == ["1 empty column left out (first: 1 (A))"]


def test_numbers_in_the_header(book, reader):
    assert read_table(book(["city", 2019, 2020.0], ["a", 1, 2])).columns == ("city", "2019", "2020")


def test_errors_come_as_they_show(book, reader):
    table = read_table(book(["city", "gdp"], ["a", "#REF!"], ["b", "#N/A"], ["c", 1]), key="city")
    numbers = table.numbers("gdp")
    assert [str(problem) for problem in numbers.problems] == [
        "unit a, column gdp: '#REF!' is an error of the workbook: mend its formula"
    ]
    assert numbers.notes == ("column gdp: read as missing: 1 '#N/A' (first: b)",)


def test_formulas_never_computed_are_refused(book, reader):
    table = read_table(book(["city", "gdp"], ["a", "=1+1"], ["b", 2], ["c", 3]), key="city")
    assert "unit a, column gdp: '=1+1' is a formula without a saved value" in str(table.numbers("gdp").problems[0])


def test_cells_that_show_per_cent(book, reader):
    def show(workbook):
        sheet = workbook["Sheet"]
        sheet["B2"].number_format = "0.0%"
        sheet["B3"].number_format = "0%"
        sheet["C2"].number_format = '0.0"%"'

    path = book(["city", "share", "rate"], ["a", 0.07, 7], ["b", 0.29, 8], edit=show)
    table = read_table(path, key="city")
    assert table.numbers("share").values.tolist() == [7.0, 29.0]
    assert "2 cells with a per-cent sign" in table.numbers("share").notes[0]
    assert table.numbers("rate").values.tolist() == [7.0, 8.0]
    assert table.numbers("rate").notes == ()


def test_cells_in_and_out_of_per_cent(book):
    def show(workbook):
        workbook["Sheet"]["B2"].number_format = "0.0%"

    table = read_table(book(["city", "share"], ["a", 0.125], ["b", 12.5], edit=show), key="city")
    assert (
        "1 cell is per cents ('12.5%' of a) and 1 cell is not ('12.5' of b)"
        in table.numbers("share").problems[0].message
    )


@pytest.mark.parametrize("rows", [[], [[None, None]]])
def test_an_empty_sheet(book, reader, rows):
    assert refused(book(*rows)) == "data.xlsx is empty"


def test_a_header_alone(book, reader):
    assert "no rows under the header" in refused(book(["city", "gdp"]))


def test_a_cover_sheet_says_which_sheets_there_are(book, reader):
    path = book(["说明"], data=[["city", "gdp"], ["a", 1]])
    assert refused(path).splitlines() == [
        "data.xlsx, sheet Sheet: no rows under the header (row 1)",
        "data.xlsx has 2 sheets ('Sheet', 'data'): 'Sheet' was read; sheet= chooses another",
    ]
    assert refused(path, sheet="Sheet") == "data.xlsx, sheet Sheet: no rows under the header (row 1)"


def test_what_is_no_workbook(tmp_path, reader):
    path = tmp_path / "data.xlsx"
    path.write_text("city,gdp\na,1\n", encoding="utf-8")
    assert "data.xlsx cannot be read as a workbook" in refused(path)


def test_no_package_to_read_it(book, monkeypatch):
    path = book(["city"], ["a"])
    old = path.with_suffix(".xls")
    path.replace(old)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DependencyError, match=r"cityindex\[excel\]"):
        read_table(old)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(DependencyError, match=r"cityindex\[excel\]"):
        read_table(book(["city"], ["a"]))


def test_calamine_is_not_needed_for_the_kinds_openpyxl_reads(book, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert read_table(book(["city", "gdp"], ["a", 1])).numbers("gdp").values.tolist() == [1.0]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Sheet">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def test_an_open_document(tmp_path):
    def cell(value):
        kind = f'float" office:value="{value}' if isinstance(value, float) else "string"
        return f'<table:table-cell office:value-type="{kind}"><text:p>{value}</text:p></table:table-cell>'

    rows = [["city", "gdp"], ["01", 1.5], ["02", "2,000"]]
    xml = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(tmp_path / "data.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(xml))
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis"/>')
    table = read_table(tmp_path / "data.ods", key="city")
    assert table.text("city").tolist() == ["01", "02"]
    assert table.numbers("gdp").values.tolist() == [1.5, 2000.0]
