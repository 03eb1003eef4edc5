"""What the readers of workbooks leave out of an .xlsx: errors, formulas never computed, cells shown in per cent.

A cell that shows ``12.5%`` holds 0.125; one that shows ``#REF!`` comes as empty. A person sees the sheet, so both
are put back as the text that is shown, for the reader of numbers to judge.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

__all__ = ["restore"]

CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
ATTRIBUTE = re.compile(r'\b([rst])="([^"]*)"')
FORMULA = re.compile(r"<f[^>]*>(.*?)</f>|<f\b", re.DOTALL)
VALUE = re.compile(r"<v[^>]*>([^<]+)</v>")
PER_CENT_FORMATS = {"9", "10"}  # the built-in 0% and 0.00%
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def restore(path: Path, sheet: str, rows: list[list[Any]]) -> list[list[Any]]:
    """The rows with errors (``#REF!``), formulas without a value (``=A1/B1``) and per cents (``12.5%``) as text."""
    try:
        with zipfile.ZipFile(path) as archive:
            xml = archive.read(_sheet_part(archive, sheet)).decode("utf-8")
            styles = _per_cent_styles(archive)
    except (KeyError, StopIteration, UnicodeDecodeError, zipfile.BadZipFile, ElementTree.ParseError):
        return rows  # the sheet was read already; only what is shown beyond its values stays unknown
    if not styles and 't="e"' not in xml and "<f" not in xml:
        return rows
    for i, j, text in _shown(xml, styles, rows):
        rows[i][j] = text
    return rows


def _shown(xml: str, styles: set[str], rows: list[list[Any]]) -> Iterator[tuple[int, int, str]]:
    for attributes, body in CELL.findall(xml):
        known = dict(ATTRIBUTE.findall(attributes))
        value = VALUE.search(body)
        formula = FORMULA.search(body) if value is None and known.get("t") != "str" else None
        if known.get("t") != "e" and formula is None and known.get("s") not in styles:
            continue
        i, j = _position(known.get("r", ""))
        if not (0 <= i < len(rows) and 0 <= j < len(rows[i])):
            continue
        cell = rows[i][j]
        if known.get("t") == "e" and value:
            yield i, j, value.group(1)
        elif formula:
            yield i, j, f"={formula.group(1) or ''}"
        elif isinstance(cell, int | float) and not isinstance(cell, bool) and known.get("s") in styles:
            yield i, j, f"{cell * 100:.15g}%"


def _position(reference: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    if found is None:
        return -1, -1
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)) - 1, column - 1


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relation = next(node.get(RELATION) for node in book.iter() if _tag(node) == "sheet" and node.get("name") == sheet)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(str(node.get("Target")) for node in links.iter() if node.get("Id") == relation)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _per_cent_styles(archive: zipfile.ZipFile) -> set[str]:
    """The numbers of the cell styles that show per cent."""
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    own = {
        str(node.get("numFmtId"))
        for node in root.iter()
        if _tag(node) == "numFmt" and "%" in re.sub(r'"[^"]*"|\\.', "", str(node.get("formatCode")))
    }
    formats = next((node for node in root.iter() if _tag(node) == "cellXfs"), None)
    cells = [] if formats is None else [str(node.get("numFmtId")) for node in formats]
    return {str(k) for k, number in enumerate(cells) if number in PER_CENT_FORMATS | own}


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]
