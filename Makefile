# Two commands: `make demo` shows rolemix at work, `make test` proves it. Both make their own environment in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The environment is good when it was made from this lock and these packages.
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint types check boards lock clean

help:  ## Show what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(STAMP)  ## Crawl fictional job boards over several simulated days, and report their role mix
	@$(BIN)/rolemix demo --out demo-out

test: $(STAMP)  ## Run the tests
	@$(BIN)/python -m pytest -n auto

lint: $(STAMP)  ## Check style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMP)  ## Check types
	@$(BIN)/mypy

check: lint types test  ## All of lint, types and tests

# --without-pip and `pip --python` need no ensurepip, which some systems package apart from Python.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "rolemix needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null || { echo "rolemix needs pip: $(PYTHON) -m ensurepip, or your system's python3-pip"; exit 1; }
	@echo "setting up $(VENV) (once, and after an update) …"
	@$(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

boards: $(STAMP)  ## Write the table of systems in docs/boards.md from the code
	@sed '/^| system /,$$d' docs/boards.md > docs/boards.md.new && $(BIN)/rolemix systems --format md >> docs/boards.md.new && mv docs/boards.md.new docs/boards.md

lock:  ## Pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --all-extras --group dev --group build pyproject.toml -o requirements.lock

clean:  ## Remove the environment and what the demo wrote
	rm -rf $(VENV) demo-out .pytest_cache .mypy_cache .ruff_cache .hypothesis
