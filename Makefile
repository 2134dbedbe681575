# Every target sets up what it needs in .venv, once. Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help ask search serve index test check lint types format eval bench clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Kutip needs Python 3.11 or newer, '$(PYTHON)' is older: run make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made pyproject.toml constraints.txt
	@echo "Setting up Kutip in .venv (once, a few minutes)..." >&2
	@$(PIP) --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(PIP) --editable '.[dev]'
	@touch $@

export Q
ask: .venv/installed  ## Answer a question: make ask Q="What gifts were exchanged?"
	@$(BIN)/kutip ask "$$Q"

search: .venv/installed  ## Show the passages for a question: make search Q="..."
	@$(BIN)/kutip search "$$Q"

index: .venv/installed  ## Add files or folders to the archive: make index P="news/ more.jsonl"
	@$(BIN)/kutip index $(P)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	$(BIN)/mypy

test: .venv/installed-dev  ## Run the tests
	$(BIN)/python -m pytest

check: lint types  ## Lint, types, tests with coverage
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered --cov-fail-under=90

format: .venv/installed-dev  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

serve: .venv/installed  ## Serve the page and the HTTP API on 127.0.0.1:7860, and open the page
	@$(BIN)/kutip serve --open

eval: .venv/installed-dev  ## Measure the keyless engine on the evaluation set, against its gates
	$(BIN)/python -m evals run --answerer extractive --no-cache --quiet --out .eval-run
	$(BIN)/python -m evals gates .eval-run

bench: .venv/installed-dev  ## Measure speed, as ratios in one run
	$(BIN)/python -m benchmarks.speed

clean:  ## Remove what the targets made
	rm -rf .venv .eval-run build ./*.egg-info .pytest_cache .mypy_cache .ruff_cache
