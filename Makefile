# `make help` lists what there is to do. Needs only Python 3.11 or newer and make; all else is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BROWSER := explorer/dist/kith.css
TESTS ?=
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run setup test test-quick test-long check bench pictures schema lock clean

help: ## List what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Start Kith, with an example to look at, and print a link that signs you in
	@$(BIN)/kith serve --example

setup: $(VENV)/.installed $(BROWSER) $(VENV)/.kernels ## Install everything; then .venv/bin/kith works

test: $(VENV)/.installed-dev $(BROWSER) $(VENV)/.kernels ## Run all tests, on the embedded engine and on real Neo4j
	$(BIN)/pytest -n 2 --dist loadgroup -m "not long" $(TESTS)

test-quick: $(VENV)/.installed-dev $(BROWSER) $(VENV)/.kernels ## Run the tests of the rooms inside, on the embedded engine only
	$(BIN)/pytest -n 2 --dist loadgroup -m "not long and not neo4j and not browser and not processes" \
	  --ignore=tests/cli --ignore=tests/test_readme.py --ignore-glob="tests/api/test_page_*" --ignore-glob="tests/api/test_api_*" $(TESTS)

test-long: $(VENV)/.installed-dev $(BROWSER) $(VENV)/.kernels ## Run the long campaigns too
	$(BIN)/pytest -n 2 --dist loadgroup --timeout 3600 $(TESTS)

check: $(VENV)/.installed-dev ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev $(VENV)/.kernels ## Measure what is promised, beside the bare driver and NetworkX
	$(BIN)/python -m benchmarks

pictures: $(VENV)/.installed-dev $(BROWSER) $(VENV)/.kernels ## Take the pictures of the README again
	PYTHONPATH=. $(BIN)/python docs/pictures/make.py

schema: $(VENV)/.installed ## Write docs/reference/schema.md from the schema
	$(BIN)/kith schema --markdown > docs/reference/schema.md

lock: $(VENV)/.installed-dev ## Pin the newest versions that fit pyproject.toml, with hashes
	$(BIN)/uv pip compile -q --upgrade pyproject.toml --group build $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade pyproject.toml --group build --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
	$(BIN)/uv pip compile -q --upgrade --group node $(LOCK) -o requirements-node.lock

LOCK := --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"

clean: ## Remove what was installed and built; the network is not touched
	rm -rf $(VENV) explorer/dist explorer/node_modules *.egg-info build

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Kith needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 ...")'
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing what Kith runs on (about 400 MB, a minute or two)"
	@$(BIN)/pip install -q --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests and checks need"
	@$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

$(BROWSER): explorer/package-lock.json explorer/build.mjs $(shell find explorer/src explorer/styles explorer/assets -type f 2>/dev/null) requirements-node.lock | $(VENV)/.installed
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null \
	  || { echo "Installing Node.js from PyPI"; $(BIN)/pip install -q --require-hashes -r requirements-node.lock; }
	@echo "Building the browser files"
	@cd explorer && npm ci --silent --no-audit --no-fund && npm run --silent build
	@touch $@

$(VENV)/.kernels: $(wildcard analytics/kernels/*.py) | $(VENV)/.installed
	@echo "Compiling the kernels"
	@$(BIN)/python -m analytics.warm
	@touch $@
