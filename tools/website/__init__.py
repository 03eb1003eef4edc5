"""How the documentation site is put together: pages gathered into one folder, and pages made from the code.

gather      what docs/ holds, the files beside it that pages link to, and the generated pages, in one folder
contents    the order of the pages, from docs/contents.yaml
links       where a link of the repository leads on the site
notebooks   a notebook as a page
api         the Python reference, by topic
commands    the command line
language    the keys of the spec language, from the JSON Schema
indices     the indices that ship
demo        an explorer and a report that can be opened
sphinx_names, sphinx_search, sphinx_formulas     what Sphinx does with names in docstrings, Chinese text and formulas
"""
