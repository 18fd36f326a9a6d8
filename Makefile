# Two commands set everything up on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PY := .venv/bin/python
# Tests run on every core, a file's tests of one turn in one process, the turns in order (tests/conftest.py).
SPREAD := -n auto --dist loadgroup --no-loadscope-reorder

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | sort | expand -t 14

run: setup ## everything at once, served on 127.0.0.1:8000 (PORT=… changes it)
	@.venv/bin/mirps demo

nodes: setup ## seven States and the region, each its own process, on 127.0.0.1:8100 to 8107
	@.venv/bin/mirps nodes

setup: .venv/.run ## the environment alone: .venv/ with the `mirps` command in it

.venv/bin/python:
	@tools/python-venv

.venv/.run: requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "Instalando lo necesario / installing what the product needs (requirements/run.lock) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.run
	@echo "Instalando lo de las pruebas / installing what the tests need (requirements/dev.lock) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

test: .venv/.dev ## everything: rules, both databases, browser, office programs, contracts, types, lint
	@tools/debian-packages
	@$(MAKE) --no-print-directory check
	@$(PY) -m pytest $(SPREAD) -m "not postgres" $(ARGS)
	@tools/with-postgres $(PY) -m pytest $(SPREAD) -m "database or postgres" $(ARGS)

test-fast: .venv/.dev ## the part without servers and browsers, under a minute
	@$(PY) -m pytest -q -m "not browser and not postgres and not office and not slow" $(ARGS)

check: .venv/.dev ## style, types, contracts, migrations
	@$(PY) -m ruff check src tests bench tools
	@$(PY) -m ruff format --check -q src tests bench tools
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m deptry src
	@.venv/bin/mirps manage makemigrations --check --dry-run

bench: .venv/.dev ## speed, precision and recall, page weights: ratios against named rivals
	@$(PY) -m bench $(ARGS)

lock: ## compile requirements/*.lock anew from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --extra build --generate-hashes --no-emit-index-url --no-header --no-annotate -q --python-version 3.11 -o requirements/run.lock
	@uv pip compile pyproject.toml --extra build --extra dev -c requirements/run.lock --generate-hashes --no-emit-index-url --no-header --no-annotate -q --python-version 3.11 -o requirements/dev.lock

clean: ## remove the environment and what this installation has built (keeps var/)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: help run nodes setup test test-fast check bench lock clean
