"""How Sphinx builds the site, from the pages that `make docs` gathers in docs/_build/source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from cityindex._version import __version__ as release

project = "cityindex"
version = release
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "website.sphinx_formulas",
    "website.sphinx_names",
    "website.sphinx_search",
]
language = "en"
root_doc = "index"
exclude_patterns = ["files/**"]  # what is no page is handed out as it is
nitpicky = True

myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = ["myst.header"]  # pages generated from docstrings may skip a level of headings

smartquotes_action = "qe"  # quotes and dots, not dashes: --save is an option
default_role = "name"
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autosummary_generate = False
maximum_signature_line_length = 88
python_use_unqualified_type_names = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_attr_annotations = False
napoleon_custom_sections = [("Attributes", "params_style")]  # a list: members that are properties stand below

html_math_renderer = "mathml"
html_theme = "furo"
html_title = "cityindex"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/icon.svg"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "tango"
pygments_dark_style = "github-dark"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("html-page-context", _in_its_language)


def _in_its_language(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Pages in Chinese say so, for their fonts, their line breaks and whoever reads them aloud."""
    if page.endswith(".zh"):
        context["language"] = "zh-CN"
