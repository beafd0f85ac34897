# Two commands: `make demo` shows rolemix at work, `make test` tests it. Both make their own environment in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Modules are compiled when they are first imported, which is faster than to compile all that is installed.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL = $(PYTHON) -m pip --python $(BIN)/python install --quiet --no-compile --disable-pip-version-check
# The environment is up to date when its stamps are newer than the locks: one for running, one for development.
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

# One process more than there are cores, as some tests wait for a server.
WORKERS = $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

.DEFAULT_GOAL := help
.PHONY: help demo test lint types check boards lock clean

help:  ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(RUNTIME)  ## Crawl fictional job boards over several simulated days, and report their role mix
	@$(BIN)/rolemix demo --out demo-out

test: $(DEVELOPMENT)  ## Run the tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(DEVELOPMENT)  ## Check style, imports, dependencies and spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/deptry postings crawler classifier simulator rolemix
	@$(BIN)/codespell

types: $(DEVELOPMENT)  ## Check types
	@$(BIN)/mypy

check: lint types test  ## All of lint, types and test

# --without-pip and `pip --python` need no ensurepip, which some systems package apart from Python.
$(RUNTIME): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "rolemix needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null || { echo "rolemix needs pip: $(PYTHON) -m ensurepip, or your system's python3-pip"; exit 1; }
	@echo "setting up $(VENV) (once, and after an update) …"
	@$(PYTHON) -m venv --without-pip $(VENV)
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.lock
	@echo "adding the development tools to $(VENV) …"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

boards: $(RUNTIME)  ## Write the table of systems in docs/boards.md from the code
	@sed '/^| system /,$$d' docs/boards.md > docs/boards.md.new && $(BIN)/rolemix systems --format md >> docs/boards.md.new && mv docs/boards.md.new docs/boards.md

# Versions that are pinned already are kept, unless UPGRADE=--upgrade asks for the newest that pyproject.toml allows.
UPGRADE ?=
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE) --group build

lock:  ## Pin what pyproject.toml declares, in both locks (needs uv)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --all-extras --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:  ## Remove the environment and what the demo wrote
	rm -rf $(VENV) demo-out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
