"""Delimited text: encodings, delimiters, headers, shapes; every problem at once."""

from __future__ import annotations

import pytest

from cityindex.errors import CityIndexError, TableError
from cityindex.table import read_table

PLAIN = "code,城市,gdp\n06001400100,昆山市,1.5\n0,江阴市,2\n"


@pytest.fixture
def write(tmp_path):
    def write(content, name="data.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def refused(path, **options):
    with pytest.raises(TableError) as caught:
        read_table(path, **options)
    return str(caught.value)


def messages(table):
    return [note.message for note in table.notes]


def test_cells_stay_text_and_keys_keep_their_zeros(write):
    table = read_table(write(PLAIN))
    assert table.columns == ("code", "城市", "gdp")
    assert len(table) == 2
    assert table.source == "data.csv"
    assert table.text("code").tolist() == ["06001400100", "0"]
    assert table.numbers("gdp").values.tolist() == [1.5, 2.0]
    assert table.notes == ()
    assert table.to_frame()["code"].tolist() == ["06001400100", "0"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_with_and_without_a_mark(write, encoding):
    assert read_table(write(PLAIN, encoding=encoding)).columns[0] == "code"


@pytest.mark.parametrize(
    ("encoding", "said"), [("gbk", "gb18030"), ("gb18030", "gb18030"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le")]
)
def test_another_encoding_is_told_with_one_that_would_do(write, encoding, said):
    path = write(PLAIN, encoding=encoding)
    message = refused(path)
    assert f"encoding={said!r}" in message
    assert "data.csv:1: " in message
    assert read_table(path, encoding=said).text("城市").tolist() == ["昆山市", "江阴市"]


def test_the_line_where_the_encoding_breaks(write):
    message = refused(write("city,gdp\nKunshan,1\n昆山市,2\n", encoding="gbk"))
    assert message == "data.csv:3: the bytes are not utf-8; encoding='gb18030' would read this line as '昆山市,2'"


def test_western_text_is_not_taken_for_chinese(write):
    message = refused(write("city,gdp\nSão Paulo,1\nMünchen,2\n", encoding="cp1252"))
    assert "encoding='cp1252' would read this line as 'São Paulo,1'" in message


def test_utf8_read_as_something_else(write):
    assert "encoding='utf-8' would read this line" in refused(write("城市,值\n昆,1\n"), encoding="ascii")
    table = read_table(write("city,gdp\nSão,1\n"), encoding="latin-1")
    assert messages(table) == ["data.csv was read as latin-1, as said; its bytes are valid UTF-8 too"]


def test_an_unknown_encoding(write):
    assert refused(write(PLAIN), encoding="gb1803") == "unknown encoding 'gb1803'. Did you mean 'gb18030'?"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04rest", "a workbook"),
        (b"PAR1rest", "a Parquet file"),
        (b"\x1f\x8brest", "gzip"),
        (b"a,b\n1,\x01\x02\n", "data.csv:2: '\\x01' is no character of a text"),
        (bytes(range(256)) * 4, "data.csv:2: the bytes are not utf-8: it seems to be a binary file"),
    ],
)
def test_what_is_no_text(write, data, said):
    assert said in refused(write(data))


@pytest.mark.parametrize("content", ["", "\n\n", " \n", ",,\n,,\n"])
def test_an_empty_file(write, content):
    assert refused(write(content)) == "data.csv is empty"


def test_a_header_alone(write):
    assert refused(write("city,gdp\n")) == "data.csv: no rows under the header (row 1)"


@pytest.mark.parametrize(
    ("content", "name", "note"),
    [
        ("city;gdp\na;1\n", "data.csv", "data.csv: the delimiter is a semicolon"),
        ("city\tgdp\na\t1\n", "data.txt", "data.txt: the delimiter is a tab"),
        ("city\tgdp\na\t1\n", "data.tsv", None),
        ("city,gdp\na,1\n", "data.tsv", "data.tsv: the delimiter is a comma"),
        ('"a;b;c",gdp\na,1\n', "data.csv", None),
        ("city;gdp, nominal\na;1\n", "data.csv", "data.csv: the delimiter is a semicolon"),
    ],
)
def test_delimiters(write, content, name, note):
    table = read_table(write(content, name))
    assert table.numbers(table.columns[1]).values.tolist() == [1.0]
    assert messages(table) == ([note] if note else [])


@pytest.mark.parametrize(("mark", "name"), [("，", "full-width comma"), ("；", "full-width semicolon"), ("|", "bar")])
def test_delimiters_that_are_not_read(write, mark, name):
    message = refused(write(f"城市{mark}值\n昆山{mark}1\n"))
    assert name in message
    assert "comma, semicolon, tab" in message


def test_quotes_and_lines_within_cells(write):
    table = read_table(write('city,note,gdp\n"Kun,shan","two\nlines",1\nb,"say ""hi""",2\n'))
    assert table.text("note").tolist() == ["two\nlines", 'say "hi"']
    assert table.lines.tolist() == [2, 4]


def test_a_quote_never_closed(write):
    message = refused(write('city,gdp\na,1\n"b,2\nc,3\n'))
    assert message.startswith("data.csv:3: ")
    assert "never closed" in message


def test_rows_of_other_lengths_are_all_told(write):
    message = refused(write("city,gdp,area\na,1,2\nb,1\nc,1,2,3\nd,1,2\ne\n"))
    assert message.splitlines() == [
        "data.csv cannot be read as a table:",
        "  row 3: holds 2 cells, the header (row 1) 3",
        "  row 4: holds 4 cells, the header (row 1) 3; a cell that holds the delimiter must stand in quotes",
        "  row 6: holds 1 cell, the header (row 1) 3",
    ]


def test_empty_rows_and_columns_are_left_out_and_noted(write):
    table = read_table(write("city,gdp,\na,1,\n\n,,\nb,2,\n,,\n\n"))
    assert table.columns == ("city", "gdp")
    assert table.text("city").tolist() == ["a", "b"]
    assert table.lines.tolist() == [2, 5]
    assert messages(table) == ["4 empty rows left out (first: row 3)", "1 empty column left out (first: 3 (C))"]
    assert messages(read_table(write("city,gdp\na,1\n\n\n"))) == ["2 empty rows left out (at the end)"]


def test_trailing_delimiters_are_no_columns(write):
    assert read_table(write("city,gdp\na,1,\nb,2,,\n")).columns == ("city", "gdp")


def test_an_empty_column_with_a_name_stays(write):
    table = read_table(write("city,gdp,area\na,1,\nb,2,\n"))
    assert table.columns == ("city", "gdp", "area")
    assert table.numbers("area").has_missing


def test_names_twice_and_names_missing_are_told_together(write):
    message = refused(write("city,gdp,,gdp,gdp\na,1,2,3,4\nb,1,5,3,4\n"))
    assert "column 3 (C): no name in the header, but 2 cells below it ('2', '5'; first: row 2)" in message
    assert "column gdp: 3 columns have this name (2 (B), 4 (D), 5 (E)): each needs its own" in message


def test_names_are_trimmed(write):
    assert read_table(write(' city ,"GDP\n（亿元）"\na,1\n')).columns == ("city", "GDP （亿元）")


def test_a_title_above_the_header(write):
    message = refused(write("2020年各市数据,,\n,,\n城市,人均gdp,面积\n昆山市,1,2\n"))
    assert "row 1 is not the header (only '2020年各市数据' stands in it)" in message
    assert "row 3 looks like it ('城市', '人均gdp', '面积'): say header=3" in message
    short = write("title\ncity,gdp,area\na,1,2\n", "short.csv")
    assert "say header=2" in refused(short)
    assert read_table(short, header=2).numbers("gdp").values.tolist() == [1.0]


def test_a_second_header_row(write):
    path = write("city,gdp,area,pop\n,亿元,km2,万人\na,1,2,3\nb,1,2,3\n")
    message = refused(path)
    assert message.splitlines()[1] == (
        "  row 2: looks like a second header row ('亿元' under 'gdp', 'km2' under 'area', '万人' under 'pop'): "
        "if the names stand in it say header=2, else delete it from the file"
    )


def test_missing_marks_in_the_first_row_are_no_second_header(write):
    table = read_table(write("city,gdp,area\na,—,N/A\nb,1,2\nc,3,4\n"))
    assert len(table) == 3


@pytest.mark.parametrize("header", [0, -1, True, "1", 1.0])
def test_header_counts_from_one(write, header):
    assert "counted from 1" in refused(write(PLAIN), header=header)


def test_a_header_beyond_the_file(write):
    assert refused(write(PLAIN), header=9) == "data.csv has 3 rows: there is no header in row 9"


def test_a_file_that_is_not_there(write, tmp_path):
    write(PLAIN, "cities_2020.csv")
    message = refused(tmp_path / "cites_2020.csv")
    assert "no file" in message
    assert "Did you mean 'cities_2020.csv'?" in message
    assert "There is no folder" in refused(tmp_path / "nowhere" / "a.csv")
    assert "is a folder" in refused(tmp_path)


def test_a_kind_that_is_not_read(write):
    message = refused(write(PLAIN, "data.cvs"))
    assert message == "data.cvs: files of kind '.cvs' are not read. Did you mean '.csv'?"
    assert "Known: .csv, .tsv" in refused(write(PLAIN, "data"))


def test_a_text_is_not_a_path():
    assert "the path of a file is wanted" in refused("city,gdp\na,1\n")


def test_options_that_do_not_apply(write, tmp_path):
    path = write(PLAIN)
    assert "only workbooks have sheets" in refused(path, sheet="a")
    assert "only text files have one" in refused(tmp_path / "a.xlsx", encoding="gbk")
    both = refused({"a": [1]}, sheet="a", header=2)
    assert "sheet=" in both
    assert "header=2" in both


def test_the_key(write):
    path = write(PLAIN)
    assert read_table(path, key="城市").key == "城市"
    assert read_table(path, key="Code").key == "code"
    assert refused(path, key="cod") == "data.csv has no key column 'cod'. Did you mean 'code'?"


def test_places_without_a_key_are_lines_of_the_file(write):
    table = read_table(write("city,gdp\na,1\n\nb,x\n"))
    assert str(table.numbers("gdp").problems[0]) == "row 4, column gdp: 'x' is not a number"


def test_a_blank_key_is_named_by_its_row(write):
    table = read_table(write("city,gdp\na,1\n,x\n"), key="city")
    assert str(table.numbers("gdp").problems[0]) == "row 3, column gdp: 'x' is not a number"


def test_a_key_that_looks_missing_is_kept(write):
    """Namibia's code is NA."""
    assert read_table(write("iso,gdp\nNA,1\nnull,2\n")).text("iso").tolist() == ["NA", "null"]


def test_aliases_are_a_mapping(write):
    assert "a mapping is wanted" in refused(write(PLAIN), aliases=["gdp"])


def test_every_refusal_is_also_a_value_error(write):
    with pytest.raises(ValueError, match="is empty"):
        read_table(write(""))
    assert issubclass(TableError, CityIndexError)
