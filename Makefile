# Watchfloor. The two commands of a newcomer: `make run`, `make test`. `make help` lists the rest.
# PORT, HOST and WATCHFLOOR_HOME go through to the application: `make run PORT=9000`.

.SUFFIXES:
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help install run test check audit-tests audit-dependencies format bench pictures words chromium clean
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

# The first of these that is a Python 3.11 or newer which can make a venv is taken; `make PYTHON=… install` chooses.
PYTHON :=
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python

unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# Without a home folder pip and Chromium would write beside the sources.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/$(VENV)/home
endif

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

install: $(STAMP) ## set up .venv with the pinned packages; nothing to do when it is there

$(STAMP): pyproject.toml constraints.txt
	@set -eu; \
	for candidate in $(PYTHONS); do \
		if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found="$$candidate"; break; \
		fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
		echo "Watchfloor needs Python 3.11 or newer with its venv module, and none was found (Debian: apt-get install python3 python3-venv)." >&2; \
		exit 1; \
	fi; \
	if [ ! -x $(BIN)/python ]; then \
		echo "Making $(VENV) with $$("$$found" --version)."; \
		"$$found" -m venv $(VENV); \
	fi; \
	mkdir -p "$$HOME"; \
	echo "Installing the pinned packages (about a minute the first time)."; \
	{ $(BIN)/python -m pip install --progress-bar off -c constraints.txt -e '.[dev]' 2>&1 || echo 'pip failed'; } \
		| tee $(VENV)/install.log \
		| awk -v all="$$(grep -c == constraints.txt)" ' \
			/^ *Collecting / { seen++; if (seen % 10 == 0) print "  " seen " of about " all " packages looked up" } \
			/^Installing collected packages/ { print "  unpacking" } \
			/^ERROR/ { print } \
			/^pip failed/ { failed = 1 } \
			{ fflush() } \
			END { exit failed }' \
	|| { echo "The packages could not be installed: $(VENV)/install.log says why." >&2; exit 1; }
	@touch $@

run: install ## set up, make the sample exercise on first start, serve on http://127.0.0.1:8050
	@exec $(BIN)/python app.py run

test: check chromium ## all that CI does: format, lint, types, imports, every test, Chromium included
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

check: install ## format, lint, types and imports; changes nothing
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## bring the sources into form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

audit-tests: install chromium audit-dependencies ## the tests that have a long version, at full size; takes minutes to hours
	@FULL_SIZES=1 $(BIN)/python -m pytest -m full_size --numprocesses auto --dist worksteal

audit-dependencies: install ## the pinned packages against their hashes and known advisories; asks pip's registry
	@$(BIN)/python -m tests.dependencies

bench: install chromium ## measure against a naive app, 200,000 incidents, in Chromium
	@$(BIN)/python -m tests.bench

pictures: install chromium ## make the pictures of the manual anew
	@$(BIN)/python -m tests.pictures

# Browser tests are never skipped: Chromium is there, or is installed, or the run fails saying what is missing.
chromium:
	@if command -v chromium >/dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing Debian's chromium for the browser tests."; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	fi; \
	command -v chromium >/dev/null 2>&1 || { \
		echo "The browser tests need Chromium on the PATH as 'chromium' (Debian: apt-get install chromium); nothing was tested." >&2; \
		exit 1; \
	}

clean: ## remove .venv and what tools left; the home (var/) stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

words: install ## gather every text into the catalogues; say what is to be translated
	@$(BIN)/python -m dashboard.catalogue
