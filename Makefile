# make demo | test | check | bench. Each sets up .venv first (bench one of its own); the second time that takes no time.
# Extra arguments: make demo ARGS="--port 8100 --fresh", make test ARGS="tests/house -x", make bench ARGS="peers --days own-90".
# Tests run in as many processes as there are cores; make test ARGS="-n 0 tests/house" (or plain pytest) runs them in one.

PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ARGS ?=

.PHONY: demo test check bench setup

demo: setup
	@$(BIN)/vardag demo $(ARGS)

test: setup
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m api.migrations.check

bench: .venv/bench/installed
	@.venv/bench/bin/python -m benchmarks $(or $(ARGS),all --short)

setup: .venv/installed

# The locks are made for the oldest Python that we run on: uv pip compile pyproject.toml --extra dev --python-version 3.11.0
# --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock
# and with --extra bench --constraint requirements.lock -o requirements-bench.lock: the same, and what we are measured against.
# Stamped with the lock file: whoever changes it gets a new installation, everybody else none.
.venv/installed: requirements.lock
.venv/bench/installed: requirements-bench.lock
.venv/installed .venv/bench/installed:
	@test -n "$(PYTHON)" || { echo "vardag needs Python 3.11 or later; no python3 was found"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "vardag needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	@echo "Installing what vardag needs into $(@D) (a few minutes the first time)"
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(@D)/bin/python -m scheduler.solvers
	@touch $@
