"""The reference of the command line, from the help of the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from cityindex.cli.commands import app

PAGE = "reference/commands.md"
GIVEN = re.compile(r"\s*\[([^\[\]]*)\]$")  # [required], [default: 10; x>=1]


def pages() -> dict[str, str]:
    """The page, by its name."""
    root: Any = typer.main.get_command(app)
    names = sorted(root.commands)
    parts = [_head(root), " · ".join(f"[{name}](#cityindex-{name})" for name in names) + "\n"]
    for name in names:
        parts += _command(name, root.commands[name])
    return {PAGE: "\n".join(parts)}


def _head(root: Any) -> str:
    return f"""\
# Commands

{_prose(root.help)} This page is made from what each command says with `--help`.

{_prose(root.epilog)}
"""


def _command(name: str, command: Any) -> Iterator[str]:
    context = typer.Context(command, info_name=f"cityindex {name}")
    yield f"(cityindex-{name})=\n## {name}\n"
    yield "\n\n".join(_prose(paragraph) for paragraph in command.help.split("\n\n")) + "\n"
    usage = command.get_usage(context).removeprefix("Usage: ").replace("{", "").replace("}", "")
    yield f"```text\n{' '.join(usage.split())}\n```\n"
    records = [(parameter, parameter.get_help_record(context)) for parameter in command.params]
    arguments = [record for parameter, record in records if record and not _is_option(parameter)]
    options = [record for parameter, record in records if record and _is_option(parameter)]
    yield from _list(arguments)
    yield from _list(options)


def _is_option(parameter: Any) -> bool:
    return any(name.startswith("-") for name in parameter.opts)


def _list(records: list[tuple[str, str]]) -> Iterator[str]:
    for name, text in records:
        given = GIVEN.search(text)
        yield f"- `{name}`: {_prose(GIVEN.sub('', text))}{_given(given[1] if given else '')}"
    yield ""


def _given(text: str) -> str:
    """What stands in brackets after a help text: the default, the range, whether it is required."""
    words = []
    for part in filter(None, map(str.strip, text.split(";"))):
        kind, _, value = part.rpartition(": ")
        words.append("Required." if part == "required" else f"{'Default' if kind else 'Range'}: `{value}`.")
    return "".join(f" {word}" for word in words)


def _prose(text: str) -> str:
    return " ".join(text.split())
