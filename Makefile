# make demo | test | check | bench. Each sets up .venv first; the second time that takes no time.
# Extra arguments: make demo ARGS="--port 8100 --fresh", make test ARGS="tests/house -x".

PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ARGS ?=

.PHONY: demo test check bench setup

demo: setup
	@$(BIN)/vardag demo $(ARGS)

test: setup
	@$(BIN)/pytest $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m api.migrations.check

bench: setup
	@$(BIN)/python -m benchmarks all --short $(ARGS)

setup: .venv/installed

# The lock is made for the oldest Python that we run on: uv pip compile pyproject.toml --extra dev --python-version 3.11.0
# --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock
# Stamped with the lock file: whoever changes it gets a new installation, everybody else none.
.venv/installed: requirements.lock
	@test -n "$(PYTHON)" || { echo "vardag needs Python 3.11 or later; no python3 was found"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "vardag needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what vardag needs into .venv (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m scheduler.solvers.search
	@touch $@
