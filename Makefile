# Two commands matter: `make demo` and `make test`. Both set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Not compiled: Python compiles and keeps what it uses when it first does; all of it would add 140 MB.
PIP := $(BIN)/python -m pip install --quiet --no-compile
unexport PYTHONDONTWRITEBYTECODE
# The lock files name all there is to install, less what pyproject.toml takes out.
LOCKED := $(PIP) --no-deps --require-hashes -r
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test bench lint install install-dev browser lock clean

demo: install
	@$(BIN)/dansinh demo $(if $(DESK),--desk)

test: install-dev browser
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term $(ARGS)

# How fast, lean and punctual crawler, tagger, grouping and desk are, in one table; docs/measuring.md tells what each line means.
# ONLY=extraction|crawl|memory|day|nlp|group|desk: one part. PAGES=folder, TEXTS=file.jsonl: saved pages, real items too.
# WHOLE_DAY=1: replay all 24 hours. WHOLE_ARCHIVE=1: read 100,000 stored items anew.
bench: install-dev
	$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(PAGES),--pages $(PAGES)) $(if $(WHOLE_DAY),--whole-day) \
	  $(if $(TEXTS),--texts $(TEXTS)) $(if $(WHOLE_ARCHIVE),--whole-archive)

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(LOCKED) requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(LOCKED) requirements-dev.lock
	@touch $@

# Browser tests drive Debian's Chromium; in CI leaving them out is a failure (see tests/browser/conftest.py).
browser:
	@command -v chromium >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "Installing Chromium for the browser tests..."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null; \
	  fi; }
	@command -v chromium >/dev/null 2>&1 || \
	  echo "!!! NO CHROMIUM: browser tests will be left out. Install Debian's package 'chromium'. !!!"

lock:
	$(PYTHON) -m uv pip compile pyproject.toml --extra build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements.lock
	$(PYTHON) -m uv pip compile pyproject.toml --extra build --extra dev --constraint requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements-dev.lock
	$(PYTHON) -m uv pip compile bench/requirements.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements-bench.lock

clean:
	rm -rf $(VENV) .venv-bench demo-out var .pytest_cache .mypy_cache .ruff_cache
