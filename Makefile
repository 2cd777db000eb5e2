# The one list of commands. `make` alone prints it.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8080
export HALKLA_PROFILE ?= local
VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(VENV)/bin/flask --app run
T ?= tests

.DEFAULT_GOAL := help
.PHONY: help run setup test check lint format types imports catalogue migrations messages bench shell worker clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

##@ Use
run: setup ## Set up if needed, load demo data once, start web + worker + beat, print the address and the demo accounts
	@PORT=$(PORT) $(PY) -m bin.serve

setup: $(VENV)/.ready ## Make .venv, install pinned packages, compile texts, build the chart bundle (nothing when nothing changed)
	@$(PY) -m bin.setup

$(VENV)/.ready: requirements/dev.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "Python venv module is missing: apt-get install python3-venv"; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

##@ Prove
test: setup ## Set up and run every test (T=path for some)
	@$(PY) -m bin.testing $(T)

check: setup lint types imports catalogue migrations test ## Everything CI runs

lint: setup ## Style and format
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .

format: setup ## Format the code
	@$(VENV)/bin/ruff check --fix -q . ; $(VENV)/bin/ruff format -q .

types: setup ## Types
	@$(VENV)/bin/mypy

imports: setup ## Import contracts of the house
	@$(VENV)/bin/lint-imports --no-cache

catalogue: setup ## The Turkish catalogue is complete and nothing is fuzzy
	@$(PY) -m bin.messages --check

migrations: setup ## Models and migrations agree on an empty database
	@$(PY) -m bin.migrations --check

##@ Work
messages: setup ## Extract texts into the Turkish catalogue and compile it
	@$(PY) -m bin.messages

bench: setup ## Measure at 200,000 applications and 1,000,000 calls on PostgreSQL and write docs/performance.md
	@$(PY) -m bench.run

shell: setup ## Flask shell
	@$(FLASK) shell

worker: setup ## Worker and beat alone
	@$(FLASK) work

clean: ## Remove what set-up and tests made (not var/)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache app/static/generated
