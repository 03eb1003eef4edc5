"""Workbooks: a result with live formulas, and an empty table to be filled."""

from __future__ import annotations

from cityindex.views.workbook.template import write_template
from cityindex.views.workbook.write import write_workbook

__all__ = ["write_template", "write_workbook"]
