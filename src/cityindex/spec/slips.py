"""What was probably meant where the text is not YAML, or reads as something else: told in our words.

Full-width punctuation is the slip of everyone who types Chinese: `weight：20％`. The parser stumbles a line later, or
not at all (`id：x` is a text without a key), so we look for the character ourselves; a title may hold any of it.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from cityindex.spec.tree import Place

__all__ = ["FULL_WIDTH", "explain", "full_width", "swallowed"]

FULL_WIDTH = {
    "：": ": ", "，": ", ", "％": "%", "＃": " #", "－": "- ", "［": "[", "］": "]", "｛": "{", "｝": "}", "＂": '"',
    "“": '"', "”": '"', "‘": "'", "’": "'", "\u3000": " ", "\xa0": " ",
}  # fmt: skip
TABLE = str.maketrans(FULL_WIDTH)
ANY = re.compile("[" + "".join(FULL_WIDTH) + "]")
STRUCTURAL = re.compile("[：，＃［］｛｝“”＂]")  # in a name without quotes these are slips, never meant
ASIDE = re.compile(r"""(?:^|(?<=[\s:,\[{]))(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*')|(?:^|(?<=\s))#.*""")

BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as the end of a line

# what the parsers (C and Python) say → what we say; None: say where the bracket or quote was opened
WORDS: tuple[tuple[str, str], ...] = (
    ("mapping values are not allowed", "a second colon, or a line indented too far: text that holds ': ' needs quotes"),
    ("could not find expected ':'", "a key without its colon, or text that runs on: 'key: value' is wanted"),
    ("expected ',' or ']'", "the list opened with [ here is not closed, or lacks a comma (by line {line})"),
    ("expected ',' or '}'", "the mapping opened with {{ here is not closed, or lacks a comma (by line {line})"),
    ("unexpected end of stream", "the quote opened here is not closed"),
    ("unexpected document", "the quote opened here is not closed"),
    ("expected '-' indicator", "this line is not indented like the lines above it, or lacks its '- '"),
    ("expected key", "this line is not indented like the lines above it"),
    ("<block end>", "this line is not indented like the lines above it"),
    ("unknown escape", "unknown escape in double quotes; a backslash is written \\\\, or use single quotes"),
    ("cannot start any token", "text cannot begin with {char!r}; put it in quotes"),
    ("expected node content", "something is missing before {char!r}"),
    ("expected the node content", "something is missing before {char!r}"),
    ("block scalar", "after | or > the text begins on the next line, indented"),
    ("document start", "text stands after the end of the mapping; is a bracket or quote closed too early?"),
    ("nesting", "nested too deep"),
    ("sequence entries are not allowed", "a list item ('- ') begins a line of its own, under its key"),
    ("mapping keys are not allowed", "a '?' cannot stand here; put text that begins with it in quotes"),
    ("scanning an alias", "text cannot begin with '*'; put it in quotes"),
    ("scanning an anchor", "text cannot begin with '&'; put it in quotes"),
    ("scanning a tag", "text cannot begin with '!'; put it in quotes"),
    ("directive", "a line cannot begin with '%'"),
    ("found unexpected ':'", "a colon cannot stand here; text that holds it needs quotes"),
)
OPENED = (
    "expected ':'",
    "expected ',' or ']'",
    "expected ',' or '}'",
    "unexpected end of stream",
    "unexpected document",
)


def explain(text: str, error: Any, loader: Any) -> tuple[Place, str]:
    """Where the text stops being YAML, and what is wrong there."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Place(1, 1), "this is not a YAML file"
    lines = BREAKS.split(text)
    context = error.context_mark
    slip = _full_width_slip(lines, mark, context.line if context else mark.line - 5, loader)
    if slip:
        return slip
    line = lines[mark.line] if mark.line < len(lines) else ""
    tab = re.match(r" *\t", line)
    if tab:
        return Place(mark.line + 1, tab.end()), "a tab; lines are indented with spaces"
    before = context.line if context else max(mark.line - 1, 0)
    if "mapping values" in error.problem and ": " not in line[: mark.column]:
        above = next((n for n in range(mark.line - 1, -1, -1) if lines[n].strip()), mark.line)
        if ":" not in lines[above] and not lines[above].lstrip().startswith("#"):
            indent = len(lines[above]) - len(lines[above].lstrip(" -"))
            return Place(above + 1, indent + 1), "a key without its colon: 'key: value' is wanted"
    tight = re.match(r"[\s-]*\w+:(?=[^\s/])", lines[before])
    if tight and any(word in error.problem for word in ("mapping values", "expected ':'")):
        return Place(before + 1, tight.end()), "a colon needs a space after it: 'key: value'"
    problem = f"{error.problem} {error.context}"
    ahead = line[: mark.column].strip()
    if ahead and re.search(r"expected key|expected '-'|<block end>", problem):
        return Place(mark.line + 1, mark.column + 1), _behind(ahead, line[mark.column :][:1])
    wording = next((words for word, words in WORDS if word in problem), "this cannot be read as YAML")
    opened = context is not None and any(word in problem for word in OPENED)
    at = context if opened else mark
    char = line[mark.column : mark.column + 1]
    if opened and re.search(r"\s#", lines[at.line][at.column :]):
        wording += "; what follows ' #' is a comment"
    return Place(at.line + 1, at.column + 1), wording.format(line=mark.line + 1, char=char)


def _behind(ahead: str, char: str) -> str:
    """What is wrong where a line goes on behind the end of a value."""
    if ahead.endswith(("'", '"')):
        return "text goes on behind the closing quote; use the other kind of quotes"
    if char in ("]", "}"):
        return f"nothing is open that {char!r} could close"
    return "the line goes on behind the end of a value"


def _full_width_slip(lines: list[str], mark: Any, first: int, loader: Any) -> tuple[Place, str] | None:
    """The full-width character whose line, once mended, lets the parser get further than to the mark."""
    for number in range(min(mark.line, len(lines) - 1), max(min(first, mark.line - 1), 0) - 1, -1):
        line = lines[number]
        aside = [match.span() for match in ASIDE.finditer(line)]
        match = next((m for m in ANY.finditer(line) if not any(a <= m.start() < b for a, b in aside)), None)
        if match is None:
            continue
        mended = line[: match.start()] + line[match.start() :].translate(TABLE)
        if _reach([*lines[:number], mended, *lines[number + 1 :]], loader) > (mark.line, mark.column):
            return Place(number + 1, match.start() + 1), full_width(match[0])
    return None


def _reach(lines: list[str], loader: Any) -> tuple[int, int]:
    try:
        for _ in yaml.parse("\n".join(lines), Loader=loader):
            pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return (mark.line, mark.column) if mark else (0, 0)
    return len(lines) + 1, 0


def full_width(text: str) -> str:
    """A message on the first full-width character in a text, or nothing.

    >>> full_width("id：x")
    "a full-width '：': write ':' and a space"
    """
    match = ANY.search(text)
    if match is None:
        return ""
    plain = FULL_WIDTH[match[0]]
    name = {"\u3000": "a full-width space", "\xa0": "a no-break space"}.get(match[0], f"a full-width {match[0]!r}")
    if not plain.strip():
        return f"{name}: write a common one"
    return f"{name}: write {plain.strip()!r}" + (" and a space" if match[0] in "：，" else "")


def swallowed(text: str, keys: frozenset[str]) -> str:
    """The key that a text has swallowed (`城市，weight：20%` as one title), or nothing.

    >>> swallowed("城市，weight：20%", frozenset({"weight"}))
    'weight'
    """
    if "：" not in text:
        return ""
    for match in re.finditer(r"[，,、\s]\s*([a-z_]+)\s*：", text):
        if match[1] in keys:
            return match[1]
    return ""
