"""The report: one page that says what an index is, what came out, how sure that is, and how to do it again."""

from cityindex.views.report.write import report_html, write_report

__all__ = ["report_html", "write_report"]
