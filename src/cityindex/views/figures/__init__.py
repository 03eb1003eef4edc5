"""One module a kind of figure; `cityindex.views.plot` names them all."""
