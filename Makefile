# Two commands: `make demo` runs the product, `make test` proves it. Each sets up what it needs;
# nothing but Python >= 3.11 is assumed (another one: `make demo PYTHON=python3.12`).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What Django reads of the translations; the .po files are what people write.
WORDS := $(patsubst %.po,%.mo,$(wildcard src/holdfast/locale/*/LC_MESSAGES/django.po))
PORT ?= 8000

.PHONY: help demo test check bench format lint types scripts walls migrations openapi translations screenshots lighthouse setup lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml tools/bootstrap.py
	@$(PYTHON) tools/bootstrap.py $(VENV)
	@touch $@

%.mo: %.po | $(READY)
	@$(BIN)/python tools/translations.py compile

setup: $(READY) $(WORDS) ## set up and no more: the environment from the lock file, and the translations

demo: $(READY) $(WORDS) ## set up and run the product with sample data on http://localhost:8000
	@$(BIN)/holdfast demo --port $(PORT)

test: $(READY) $(WORDS) ## every test, in parallel, a real PostgreSQL and a real browser included
	$(BIN)/python tools/chromium.py
	$(BIN)/python -m pytest

check: $(READY) $(WORDS) format lint types scripts walls migrations openapi translations test ## all that CI runs

bench: $(READY) $(WORDS) ## measure availability and booking against floors taken in the same run
	$(BIN)/python -m benchmarks

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/python tools/house_rules.py

types: $(READY)
	$(BIN)/mypy

scripts: $(READY) ## types (tsc) and lint (biome) of the pages' scripts; the first time, npm fetches both
	@$(BIN)/python tools/scripts.py

walls: $(READY)
	$(BIN)/lint-imports

migrations: $(READY)
	$(BIN)/python -W ignore::RuntimeWarning -m holdfast manage makemigrations --check --dry-run

openapi: $(READY)
	$(BIN)/python tools/openapi.py --check

translations: $(READY) $(WORDS)
	$(BIN)/python tools/translations.py check

screenshots: $(READY) $(WORDS) ## take the pictures of docs/screenshots again
	$(BIN)/python tools/chromium.py
	$(BIN)/python tools/screenshots.py

lighthouse: $(READY) $(WORDS) ## Lighthouse on the booking page of a demo, as on a phone; wants a quiet machine
	$(BIN)/python tools/chromium.py
	$(BIN)/python tools/page_scores.py

lock: ## resolve requirements.lock anew (hashed, no registry's address)
	uv pip compile --quiet --upgrade --generate-hashes --universal --no-header --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean: ## remove the environment and caches; data under var/ stays
	rm -rf $(VENV) $(WORDS) .pytest_cache .mypy_cache .ruff_cache node_modules .import_linter_cache .hypothesis
