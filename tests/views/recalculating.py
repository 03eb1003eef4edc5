"""Recalculates a workbook by LibreOffice, where it is installed; else the test is skipped, and says so."""

from __future__ import annotations

import shutil
import subprocess

import openpyxl
import pytest

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def recalculated(path, folder, changes=()):
    """The cells of a workbook as LibreOffice works them out, after `changes`: (sheet, cell, value) each.

    openpyxl saves formulas without the values that were kept with them, so that every one is worked out anew.
    """
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed: formulas are not recalculated")
    book = openpyxl.load_workbook(path)
    for sheet, cell, value in changes:
        book[sheet][cell] = value
    changed = folder / "changed.xlsx"
    book.save(changed)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(changed)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(out / "changed.xlsx", data_only=True)
