# Everything starts here: each target makes the environment it needs and nothing is installed by hand.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
DOCS_READY := $(VENV)/.ready-docs
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test check build freeze bench docs docs-check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make the environment in .venv

$(READY): pyproject.toml
	@echo "making the environment in $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit("cosem needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[codegen,fast]' --group dev --group interop
	@touch $@

demo: $(READY) ## Regenerate the stack, start a meter, and read it
	@$(BIN)/cosem-codegen build
	@$(BIN)/cosem demo

build: $(READY) ## Regenerate generated/ from spec/
	@$(BIN)/cosem-codegen build

test: $(READY) ## All tests, those against installed peers included
	@$(BIN)/python -m pytest -n $(WORKERS)

check: $(READY) ## Generated tree, lint, format, types (mypy and pyright, strict), tests
	@$(BIN)/cosem-codegen check --full
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pyright
	@$(BIN)/python -m pytest -n $(WORKERS)

freeze: $(READY) ## Record the digests of past editions anew, after a mistake in one of them was mended
	@COSEM_RECORD=1 $(BIN)/python -m pytest -q -n0 tests/codegen/test_editions_frozen.py

bench: $(READY) ## Speed and memory, as ratios to installed peers
	@$(BIN)/python -m tests.benchmarks

docs: $(DOCS_READY) ## The reference and the guides as a site, in build/site
	@rm -rf build/docs build/site
	@$(BIN)/cosem-codegen docs --out build/docs
	@cp -R docs/index.md docs/guides docs/python docs/assets build/docs/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "the site is build/site/index.html"

docs-check: docs ## The site in a real browser; needs chromium and chromium-driver
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || { echo "chromium or chromedriver is missing: apt-get install chromium chromium-driver" >&2; exit 1; }
	@$(BIN)/python -m pytest tests/docs/site_in_browser.py

$(DOCS_READY): $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	@touch $@

clean: ## Remove what the targets above made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
