"""Files that are not a spec: each is told in one clear message, at its place, by whichever parser is there."""

from __future__ import annotations

import pytest
import yaml

from cityindex.errors import SpecError
from cityindex.spec import load_spec

HEAD = "cityindex: 1\nid: example\nindex:\n  id: score\n  children:\n"
GOOD = HEAD + "    - {id: a, weight: 60%}\n    - {id: b, weight: 40%}\n"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nindex: *c\n"

TEXTS = {
    "bad number": (GOOD.replace("60%", "6o%"), "6:23", "found text '6o%'; allowed: a number or a per cent"),
    "number with a thousands comma": (GOOD.replace("60%", '"1,000"'), "6:23", "Write 1000."),
    "quoted number": (GOOD.replace("60%", '"3"').replace("40%", "2"), "6:23", "Leave out the quotes."),
    "wrong sum": (GOOD.replace("60%", "55%"), "4:3", "the weights of 'score' add to 95%, not 100%"),
    "misspelt key": (GOOD.replace("id: a, weight", "id: a, wieght"), "6:15", "unknown key 'wieght' of an indicator"),
    "misspelt method": (
        HEAD + "    - {id: a, steps: [minmx]}\n",
        "6:23",
        "unknown step 'minmx'. Did you mean 'minmax'?",
    ),
    "misspelt option": (HEAD + "    - {id: a, steps: [{minmax: {too: [0, 1]}}]}\n", "6:33", "Did you mean 'to'?"),
    "duplicate id": (GOOD.replace("id: b", "id: a"), "7:12", "the id 'a' is taken (by line 6); to use that node here"),
    "tab": (HEAD + "\t- a\n", "6:1", "a tab; lines are indented with spaces"),
    "open list": (HEAD + "    - {id: a, steps: [minmax}\n", "6:22", "the list opened with [ here is not closed"),
    "open mapping": (HEAD + "    - {id: a\n    - b\n", "6:7", "the mapping opened with { here is not closed"),
    "open quote": (HEAD + '    - "a\n    - b\n', "6:7", "the quote opened here is not closed"),
    "two colons": (GOOD.replace("id: example", "id: a: b"), "2:6", "a second colon"),
    "no space after the colon": (GOOD.replace("id: example", "id:example"), "2:3", "a colon needs a space after it"),
    "odd indentation": (HEAD + "    - a\n  - b\n", "7:3", "not indented like the lines above"),
    "text where a list belongs": (HEAD.replace("children:\n", "children: a, b\n"), "5:13", "allowed: a list of nodes"),
    "negative weight": (GOOD.replace("40%", "-40%").replace("60%", "140%"), "7:23", "no weight below 0: found -40%"),
    "NaN weight": (GOOD.replace("60%", ".nan"), "6:23", "allowed: a number or a per cent (1, 1/3, 20%), finite"),
    "infinite weight": (GOOD.replace("60%", "-.inf"), "6:23", "finite"),
    "unknown version": (GOOD.replace("cityindex: 1", "cityindex: 2"), "1:12", "cityindex: found 2; allowed: 1"),
    "no version": (GOOD.replace("cityindex: 1\n", ""), "1:1", "the key cityindex is missing; write cityindex: 1"),
    "no index": ("cityindex: 1\nid: example\n", "1:1", "the key index is missing"),
    "no id": (GOOD.replace("id: example\n", ""), "1:1", "the key id is missing"),
    "node without id": (HEAD + "    - {column: a}\n", "6:7", "an indicator needs the key id"),
    "python tag": (GOOD.replace("id: a", "id: !!python/object/apply:os.getcwd []"), "6:12", "'!!python/object/apply"),
    "tag": (GOOD.replace("id: a", "id: !!str a"), "6:12", "the tag '!!str' is not part of the language"),
    "anchor": (GOOD.replace("id: a", "id: &one a"), "6:12", "the anchor &one is not part of the language"),
    "alias": (GOOD.replace("id: a", "id: *one"), "6:12", "the alias *one is not part of the language"),
    "anchor bomb": (BOMB, "1:4", "the anchor &a is not part of the language"),
    "merge": (GOOD.replace("{id: a", "{<<: {id: a}"), "6:8", "the merge key << is not part of the language"),
    "5,000 levels": (HEAD + "    - " + "[" * 5000 + "]" * 5000, "6:64", "nested deeper than 60 levels"),
    "1,000 blocks": ("\n".join(" " * i + "a:" for i in range(1000)), "61:61", "nested deeper than 60 levels"),
    "full-width colon": (GOOD.replace("id: example", "id：example"), "2:3", "a full-width '：': write ':' and a space"),
    "full-width colon after children": (GOOD.replace("children:", "children："), "5:11", "a full-width '：'"),
    "full-width colon in braces": (GOOD.replace("{id: a,", "{id： a,"), "6:8", "'id： a' is no key: a full-width '：'"),
    "full-width comma": (GOOD.replace("{id: a,", "{id: a，"), "6:13", "a full-width '，': write ',' and a space"),
    "full-width comma in a list": (
        HEAD.replace("children:\n", "children: [a，b]\n"),
        "5:14",
        "There is a full-width '，'",
    ),
    "full-width per cent": (GOOD.replace("60%", "60％"), "6:23", "There is a full-width '％': write '%'. Write 60%."),
    "full-width digits": (GOOD.replace("60%", "６０%"), "6:23", "Write 60%."),
    "full-width comment": (GOOD.replace("id: example", "id: example ＃ 注"), "2:5", "a full-width '＃'"),
    "full-width brackets": (HEAD.replace("children:\n", "children: ［a, b］\n"), "5:13", "a full-width '［'"),
    "full-width quotes": (GOOD.replace("id: example", "id: “example”"), "2:5", "a full-width '“'"),
    "ideographic space": (GOOD.replace("id: example", "id:　example"), "2:4", "a full-width space"),
    "title that swallowed a key": (
        GOOD.replace("{id: a, weight: 60%}", "{id: a, weight: 60%, title: 城市，column：甲}"),
        "6:35",
        "Is 'column' meant",
    ),
    "NUL": (GOOD.replace("example", "exa\0mple"), "2:8", "is not text"),
    "escaped NUL": (GOOD.replace("example", '"exa\\0mple"'), "2:5", "an escape in this text"),
    "empty": ("\n", "1:1", "the spec is empty"),
    "comments alone": ("# nothing\n# yet\n", "1:1", "the spec is empty"),
    "several documents": (GOOD + "---\nid: b\n", "8:1", "a second document begins here"),
    "duplicate key": (GOOD.replace("id: a,", "id: a, id: c,"), "6:15", "the key 'id' stands twice"),
    "list as id": (GOOD.replace("id: a,", "id: [a],"), "6:12", "id: found a list; allowed: a name"),
    "nothing as id": (GOOD.replace("id: a,", "id: null,"), "6:12", "id: found nothing; allowed: a name"),
    "line break in an id": (GOOD.replace("id: a,", 'id: "a\\nb",'), "6:12", "in one line"),
    "list as spec": ("- a\n- b\n", "1:1", "the spec: found a list; allowed: a mapping"),
    "text as spec": ("just\nsome words\n", "1:1", "found text 'just some words'"),
    "list as key": (GOOD.replace("id: a,", "[id]: a,"), "6:8", "a list or a mapping stands here where a key is wanted"),
    "value without key": (HEAD + "    - {: a}\n", "6:8", "something is missing before ':'"),
    "unknown language": (GOOD.replace("id: example", "id: example\ntitle: {cn: 例子}"), "3:9", "Did you mean 'zh'?"),
    "odd escape": (GOOD.replace("example", '"exa\\qmple"'), "2:", "unknown escape in double quotes"),
    "text that begins with @": (GOOD.replace("example", "@example"), "2:5", "text cannot begin with '@'"),
}


@pytest.fixture(params=["C", "Python"])
def loader(request, monkeypatch):
    """Both parsers that PyYAML may offer."""
    if request.param == "C" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML has no C parser here")
    monkeypatch.setattr("cityindex.spec.parse.LOADER", yaml.CLoader if request.param == "C" else yaml.Loader)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("case", TEXTS)
def test_one_clear_message_with_its_place(case):
    text, place, words = TEXTS[case]
    with pytest.raises(SpecError) as caught:
        load_spec(text)
    (problem,) = caught.value.problems
    assert problem.place.startswith(f"text:{place}")
    assert words in problem.message
    assert "pydantic" not in str(problem)
    assert len(str(problem)) < 300


def test_the_good_file_is_good():
    assert [child.weight for child in load_spec(GOOD).index.children] == [0.6, 0.4]


FILES = {
    "GBK": (GOOD.replace("example", "城市").encode("gbk"), "2:5", "it looks like GBK); save it as UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "1:1", "saved as UTF-16; save it as UTF-8"),
    "binary": (bytes(range(256)) * 8, "1:1", "is not text"),
    "empty": (b"", "1:1", "the spec is empty"),
    "too long": (b"#" * 2_000_001, "1:1", "a spec may have 2,000,000 at most"),
}


@pytest.mark.parametrize("case", FILES)
def test_bytes_that_are_no_spec(case, tmp_path, monkeypatch):
    data, place, words = FILES[case]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "index.yaml").write_bytes(data)
    with pytest.raises(SpecError) as caught:
        load_spec("index.yaml")
    (problem,) = caught.value.problems
    assert words in problem.message
    if case != "binary":
        assert problem.place == f"index.yaml:{place}"


def test_a_byte_order_mark_is_no_matter(tmp_path):
    path = tmp_path / "index.yaml"
    path.write_bytes(GOOD.encode("utf-8-sig"))
    assert load_spec(path).id == "example"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert load_spec(path).places["b"] == f"{path}:7:7"


def test_a_file_that_is_not_there_names_the_nearest(tmp_path):
    (tmp_path / "index.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(SpecError, match=r"there is no file .*indx\.yaml'\. Did you mean .*index\.yaml'\?"):
        load_spec(tmp_path / "indx.yaml")
    with pytest.raises(SpecError, match="it is a folder"):
        load_spec(tmp_path)
    with pytest.raises(SpecError, match="found a int"):
        load_spec(3)


def test_full_width_punctuation_in_a_text_is_welcome():
    text = GOOD.replace(
        "id: example", "id: example\ntitle: 数字经济：城市，２０２０（１０％）＃“一”\nnote: 见：附录，表1"
    )
    text = text.replace("{id: a,", '{id: "甲：乙，丙", column: 人口（万人）,')
    spec = load_spec(text)
    assert spec.title["zh"] == "数字经济：城市，２０２０（１０％）＃“一”"
    assert spec["甲：乙，丙"].column == "人口（万人）"


def test_every_problem_is_told_at_once_in_the_order_of_the_file():
    text = """\
cityindex: 1
id: example
untit: city
index:
  id: score
  agregate: geometrc
  children:
    - {id: a, weight: 60%, steps: [{minmax: {to: [0, x]}}]}
    - {id: b, weight: 30%, direction: less}
    - {id: b, weight: 5 %}
    - id: c
      weight: 5%
      children: [{id: d, weight: 70%}, {id: e, weight: 20%}, {use: zz}]
"""
    with pytest.raises(SpecError) as caught:
        load_spec(text)
    told = [(problem.place.removeprefix("text:"), problem.message) for problem in caught.value.problems]
    assert [place for place, _ in told] == [
        "3:1",
        "6:3",
        "6:13",
        "8:54",
        "9:39",
        "10:12",
        "10:23",
        "13:62",
        "13:68",
    ]
    assert "Write 5%." in told[6][1]


def test_a_mapping_is_told_by_paths():
    data = {
        "cityindex": 1,
        "id": "example",
        "index": {"id": "score", "children": ["a", {"id": "b", "wieght": 1}, {"id": "c", "weight": float("nan")}]},
    }
    with pytest.raises(SpecError) as caught:
        load_spec(data)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["index.children[0]", "index.children[1].wieght", "index.children[2].weight"]


def test_python_data_that_is_no_data():
    data = {"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a"]}}
    with pytest.raises(SpecError, match=r"note: a object cannot stand in a spec"):
        load_spec({**data, "note": object()})
    loop = {"id": "x"}
    loop["children"] = [loop]
    with pytest.raises(SpecError, match="is something inside itself"):
        load_spec({**data, "index": loop})
    with pytest.raises(SpecError, match="is not text"):
        load_spec({**data, "note": "a\ud800b"})
