# Everything is installed into .venv from hash-pinned locks; nothing else on the machine is touched.
# ARGS is passed on: make up ARGS="--http 127.0.0.1:9000", make test ARGS="-k ledger".

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up unit test check lint texts docs grafana pdf notify mcp lock

# Compiled modules and rewritten tests are kept: else each of hundreds of processes of a test run compiles them again.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# The stamps carry the folder's name: a virtual environment that was moved or copied does not work and is made anew.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
RUNTIME := .venv/runtime-$(HERE)
DEVELOPMENT := .venv/development-$(HERE)
# Folders of tests of the whole product, of its speed, and of the tree itself: not to be imported for make unit.
WHOLE := acceptance architecture benchmarks integration
DOCUMENTATION := .venv/documentation-$(HERE)
GRAFANA := .venv/grafana-$(HERE)
PDF := .venv/pdf-$(HERE)
NOTIFY := .venv/notify-$(HERE)
MCP := .venv/mcp-$(HERE)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
LOCK := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
# The packages of a dependency group or an extra, one a line.
NAMED := import sys, tomllib; told = tomllib.load(open("pyproject.toml", "rb")); \
	print(*{**told["dependency-groups"], **told["project"]["optional-dependencies"]}[sys.argv[1]], sep="\n")

help: ## Say what there is
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1  /'

up: $(RUNTIME) ## Start everything on this machine, with a simulated demo city
	@exec $(BIN)/pharos up --demo $(ARGS)

unit: $(DEVELOPMENT) ## Run the tests that are quick: no store, broker, browser, other process, whole city or year; fewer examples
	@$(BIN)/python -m pytest --numprocesses $$(getconf _NPROCESSORS_ONLN) --hypothesis-profile unit \
		-m "not integration and not acceptance and not browser and not process and not long" $(WHOLE:%=--ignore tests/%) $(ARGS)

test: $(DEVELOPMENT) ## Run the tests, on every core
	@$(BIN)/python -m pytest --numprocesses auto $(ARGS)

check: lint $(if $(TESTED),,test) ## Everything a change must pass: lint, format, types, import directions, tests

lint: $(DEVELOPMENT) ## All of check but the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.javascript

texts: $(DEVELOPMENT) ## Bring the catalogues of the console's texts up to date; ARGS=fi begins another language
	@$(BIN)/python -m tests.catalogues $(ARGS)

docs: $(DOCUMENTATION) ## Build the documentation as a site, in site/; a broken link fails
	@$(BIN)/properdocs build
	@echo "The site is in site/. To read it, with search: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site"

grafana: $(GRAFANA) ## Install what pharos grafana push needs, the extra "grafana"

pdf: $(PDF) ## Install what reports as PDF need, the extra "pdf"

notify: $(NOTIFY) ## Install what telling people by Apprise needs, the extra "notify"

mcp: $(MCP) ## Install what pharos mcp needs, the extra "mcp" and the client

lock: $(DEVELOPMENT) ## Resolve the dependencies anew and pin them with their hashes
	$(LOCK) --build-deps-for editable --output-file requirements.lock pyproject.toml
	$(BIN)/python -c '$(NAMED)' grafana \
		| $(LOCK) --constraint requirements.lock --output-file requirements-grafana.lock -
	$(BIN)/python -c '$(NAMED)' pdf | $(LOCK) --constraint requirements.lock --output-file requirements-pdf.lock -
	$(BIN)/python -c '$(NAMED)' notify | $(LOCK) --constraint requirements.lock \
		--constraint requirements-grafana.lock --output-file requirements-notify.lock -
	$(BIN)/python -c '$(NAMED)' mcp | $(LOCK) --constraint requirements.lock --output-file requirements-mcp.lock -
	$(BIN)/python -c '$(NAMED)' dev \
		| $(LOCK) --constraint requirements.lock --constraint requirements-grafana.lock \
			--constraint requirements-pdf.lock --constraint requirements-notify.lock --constraint requirements-mcp.lock \
			--output-file requirements-dev.lock -
	$(BIN)/python -c '$(NAMED)' docs \
		| $(LOCK) --constraint requirements.lock --constraint requirements-dev.lock \
			--output-file requirements-docs.lock -

$(RUNTIME): requirements.lock pyproject.toml
	@if [ ! -e $@ ]; then \
		for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 none; do \
			$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
		done; \
		if [ $$python = none ]; then \
			echo "Pharos needs Python 3.11 or later; here is: $$(python3 --version 2>&1 || true)." >&2; \
			echo "Install one, or name one: make PYTHON=/path/to/python" >&2; \
			exit 1; \
		fi; \
		echo "Installing into .venv with $$($$python --version); this takes a minute ..."; \
		rm -rf .venv; \
		$$python -m venv .venv || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	fi
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(GRAFANA): $(RUNTIME) requirements-grafana.lock
	@$(INSTALL) --require-hashes -r requirements-grafana.lock
	@touch $@

$(PDF): $(RUNTIME) requirements-pdf.lock
	@$(INSTALL) --require-hashes -r requirements-pdf.lock
	@touch $@

$(NOTIFY): $(RUNTIME) requirements-notify.lock
	@$(INSTALL) --require-hashes -r requirements-notify.lock
	@touch $@

$(MCP): $(RUNTIME) requirements-mcp.lock
	@$(INSTALL) --require-hashes -r requirements-mcp.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable client
	@touch $@

$(DEVELOPMENT): $(GRAFANA) $(PDF) $(NOTIFY) $(MCP) requirements-dev.lock
	@$(INSTALL) --require-hashes -r requirements.lock -r requirements-grafana.lock -r requirements-pdf.lock \
		-r requirements-notify.lock -r requirements-mcp.lock -r requirements-dev.lock
	@touch $@

$(DOCUMENTATION): $(RUNTIME) requirements-docs.lock
	@$(INSTALL) --require-hashes -r requirements-docs.lock
	@touch $@
