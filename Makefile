# Everything a developer of the template types. `make help` lists it.

PYTHON ?= python3
BIN := .venv/bin
PROJECT := <<cookiecutter.project_slug>>
BAKE := build/requirements

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz bench requirements clean

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

demo: .venv/baker ## from nothing to a generated project that answers three calls
	@$(BIN)/python scripts/demo.py

test: .venv/oracles ## from nothing to green: the template, a bake, and the bake's own tests on SQLite and PostgreSQL
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

fuzz: .venv/tools ## 20,000 hostile bodies through a bake, on SQLite and on PostgreSQL
	@rm -rf build/fuzz
	@$(BIN)/cookiecutter . --no-input --default-config --output-dir build/fuzz
	cd build/fuzz/clinic_line && HOSTILE_BODIES=20000 $(CURDIR)/$(BIN)/python -m pytest tests/test_tropo_hostile.py
	cd build/fuzz/clinic_line && HOSTILE_BODIES=20000 $(CURDIR)/$(BIN)/python -m tests.on_postgres tests/test_tropo_hostile.py

bench: .venv/tools ## the figures that README.md and docs/ quote
	$(BIN)/python -m benchmarks

.venv/baker: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Installing cookiecutter into .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --no-compile --constraint requirements.txt cookiecutter
	@touch $@

.venv/tools: .venv/baker
	@echo "Installing the packages of requirements.txt into .venv"
	@$(BIN)/python -m pip install --quiet --no-deps --no-compile --requirement requirements.txt
	@touch $@

# The libraries that `tropo` is the heir of: each is a file tropo.py, so each has a folder of its own.
.venv/oracles: .venv/tools
	@echo "Installing tropo-webapi-python 0.1.3 and tropo-webapi-sdk-python 15.13.0 to compare with"
	@$(BIN)/python -m pip install --quiet --no-deps --no-compile --target $@/0.1.3 tropo-webapi-python==0.1.3
	@$(BIN)/python -m pip install --quiet --no-deps --no-compile --target $@/15.13.0 tropo-webapi-sdk-python==15.13.0
	@touch $@

requirements: .venv/baker ## pin the newest versions that the two pyproject.toml allow
	$(BIN)/python -m pip install --quiet uv
	rm -rf $(BAKE)
	$(BIN)/cookiecutter . --no-input --default-config --output-dir $(BAKE)
	$(MAKE) -C $(BAKE)/clinic_line requirements UV=$(CURDIR)/$(BIN)/uv
	cp $(BAKE)/clinic_line/requirements.txt $(BAKE)/clinic_line/requirements-dev.txt "$(PROJECT)"
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-annotate \
		--custom-compile-command "make requirements" pyproject.toml --group dev "$(PROJECT)/requirements-dev.txt" \
		--output-file requirements.txt

clean: ## remove what the commands made
	rm -rf build .venv .mypy_cache .pytest_cache .ruff_cache
