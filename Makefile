# Every target sets up .venv by itself. `make demo` shows the main job; `make test` runs the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format bench docs wheel clean

demo: $(READY)
	@$(BIN)/python examples/demo.py

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/identify.py
	$(BIN)/python benchmarks/weights.py
	$(BIN)/python benchmarks/judgements.py
	$(BIN)/python benchmarks/ideal.py
	$(BIN)/python benchmarks/robust.py
	$(BIN)/python benchmarks/sensitivity.py
	$(BIN)/python benchmarks/bounds.py
	$(BIN)/python benchmarks/views.py
	$(BIN)/python benchmarks/scale.py

docs: $(READY)
	$(BIN)/python tools/write_schema.py
	$(BIN)/python tools/write_reference.py
	$(BIN)/python tools/gallery.py
	$(BIN)/python tools/gallery_pages.py
	$(BIN)/python tools/explanation_figures.py
	$(BIN)/python tools/build_site.py

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

clean:
	rm -rf $(VENV) dist build docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cityindex needs Python 3.11 or later; this is " + sys.version.split()[0] + " (choose one: make PYTHON=python3.12 …)")'
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV) && \
		UV_COMPILE_BYTECODE=1 uv pip install --quiet --python $(BIN)/python -c constraints.txt --group dev -e '.[all]'; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1' && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev -e '.[all]'; \
	fi
	@touch $(READY)
