# `make` alone opens the window. Every target first sets up what it needs; see `make help`.

.DEFAULT_GOAL := run
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.PHONY: run setup test test-tools lint unit network terminal window window-half window-rest journeys translations conformance programs robust fuzz bench screenshots clean help

# The system's Python is preferred: the search path may have pyenv's or conda's, for which the
# distribution's libraries were not built.
PYTHON := $(firstword $(foreach python,/usr/bin/python3 python3,\
	$(shell $(python) -c 'import sys; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))
VENV_PYTHON := .venv/bin/python

# There is no homepage yet. Older versions of appstreamcli do not know this override.
APPSTREAM := appstreamcli validate --no-net
NO_HOMEPAGE := --override=url-homepage-missing=info

ARGS ?=
BENCH ?=
FUZZ ?=
PYTEST ?=

# Lines of suites that run side by side begin with the suite's name.
SIDE_BY_SIDE ?=
LABELLED = $(if $(SIDE_BY_SIDE),2>&1 | sed --unbuffered 's/^/$@: /')

run: setup ## Open the window (without a display: in a browser); ARGS="..." are passed on
	@$(VENV_PYTHON) scripts/run.py $(ARGS)

setup: ## Install system libraries (on Debian) and .venv
	@$(or $(PYTHON),$(error Spacebeam needs Python 3.11 or newer)) scripts/setup.py

test: lint ## Run all checks and tests, four suites at a time
	@$(MAKE) --no-print-directory --keep-going --jobs=4 SIDE_BY_SIDE=yes window-half window-rest network unit terminal journeys

test-tools:
	@$(or $(PYTHON),$(error Spacebeam needs Python 3.11 or newer)) scripts/setup.py --tests

lint: test-tools ## Check format, style, types and the desktop's files
	$(VENV_PYTHON) -m ruff format --check
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m mypy scripts
	$(if $(wildcard data/*.desktop),desktop-file-validate data/*.desktop)
	$(if $(wildcard data/*.metainfo.xml),$(APPSTREAM) data/*.metainfo.xml || $(APPSTREAM) $(NO_HOMEPAGE) data/*.metainfo.xml)

# These start the program again and again, and wait more than they compute.
TERMINAL := tests/cli tests/conformance
NETWORK := tests/net tests/session tests/server
DISPLAY_TESTS := tests/ui tests/journeys

unit: test-tools ## Run the tests that need neither a display nor a server; PYTEST="..." is passed on
	scripts/private.sh $(VENV_PYTHON) -m pytest tests $(addprefix --ignore=,$(DISPLAY_TESTS) $(TERMINAL) $(NETWORK)) $(PYTEST) $(LABELLED)

network: test-tools ## Connect to real servers, with and without TLS and proxies, and be one
	scripts/private.sh $(VENV_PYTHON) -m pytest $(NETWORK) $(PYTEST) $(LABELLED)

terminal: test-tools ## Run the program in terminals and pipes, and against Autobahn's fast cases
	scripts/private.sh $(VENV_PYTHON) -m pytest $(TERMINAL) $(PYTEST) $(LABELLED)

# The tests of the window are halved by the time that they take.
HALF := tests/ui/window tests/ui/timeline

window: window-half window-rest ## Run the tests of the window, on private displays

window-half: test-tools
	scripts/private.sh --window $(VENV_PYTHON) -m pytest $(HALF) $(PYTEST) $(LABELLED)

window-rest: test-tools
	scripts/private.sh --window $(VENV_PYTHON) -m pytest tests/ui $(addprefix --ignore=,$(HALF)) $(PYTEST) $(LABELLED)

journeys: test-tools ## Drive the running program from outside, as a person does
	scripts/private.sh --window $(VENV_PYTHON) -m pytest tests/journeys $(PYTEST) $(LABELLED)

translations: test-tools ## Collect the texts to translate, and compile the translations
	$(VENV_PYTHON) -m scripts.translations

conformance: test-tools ## Run the whole Autobahn suite in both roles (half an hour)
	$(VENV_PYTHON) -m tests.conformance

programs: test-tools ## Install other programs (1 GB), and test that what is exported works there
	$(VENV_PYTHON) scripts/programs.py
	scripts/private.sh $(VENV_PYTHON) -m pytest tests/exchange/collections/test_other_programs.py $(PYTEST)

robust: test-tools ## Kill a recording program 100 times, and cut a simulated disk's power 500 times (five minutes)
	SPACEBEAM_KILLS=50 SPACEBEAM_CUTS=500 scripts/private.sh $(VENV_PYTHON) -m pytest tests/recording/test_killed.py tests/recording/test_power_cut.py $(PYTEST)

fuzz: ## Fuzz the parsers of peers' data and of files; FUZZ="TARGET ..." selects targets, FUZZ_SECONDS=60 the time
	@$(or $(PYTHON),$(error Spacebeam needs Python 3.11 or newer)) scripts/setup.py --fuzz
	$(VENV_PYTHON) -m fuzz $(FUZZ)

bench: ## Measure Spacebeam against other clients; BENCH="..." is passed on
	@$(or $(PYTHON),$(error Spacebeam needs Python 3.11 or newer)) scripts/setup.py --bench
	$(VENV_PYTHON) -m bench $(BENCH)

screenshots: test-tools ## Take pictures of all screens in all styles (five minutes)
	scripts/private.sh --window $(VENV_PYTHON) -m tests.screenshots

clean: ## Remove all files made by the other targets
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
