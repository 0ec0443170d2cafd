# One command each on a fresh machine with Python 3.11 or newer, make and git. `make` alone lists them.

PYTHON ?= python3
IMAGE ?= icp-sync:$(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml)
DIST ?= dist
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
RIVALS := $(VENV)/bench
RAY := $(VENV)/.ray
WORKERS := --numprocesses 2 --dist loadfile
WORKFLOWS := $(wildcard .github/workflows/*.yml jobs/schedules/github-*.yaml)

# A lock made from a machine's own package directories or mirrors would fit that machine only.
COMPILE := env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes \
	--no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --annotation-style=line

# Containers like to set it; then each of hundreds of processes would compile six hundred modules, and rewrite every test, anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-long test-all lint docs spellings pictures bench scale-model browser clients ray drill image setup lock upgrade wheel
.DELETE_ON_ERROR:

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: setup ## the whole job against a portal in a box, no HubSpot account needed
	@$(BIN)/icp-sync demo

test: setup ## the tests of every day; ARGS="-k tiers" passes arguments to pytest
	@$(BIN)/python -m pytest $(WORKERS) -m "not slow" --hypothesis-profile short $(ARGS)

test-slow: setup ## the proofs that `make test` leaves out, but for the longest: drills, planted faults; takes ten minutes
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -m "slow and not long" --ignore tests/browser --ignore tests/ray $(ARGS)

test-long: setup ## the longest proofs: 20,000 pairs against a second scorer, kills, histories, random profiles; ten minutes
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -m "slow and long" $(ARGS)

test-all: setup ## all three: every test there is
	@$(BIN)/python -m pytest $(WORKERS) $(ARGS)

lint: setup ## formatting, types, import arrows, Dockerfile, workflows, links and generated parts of docs/
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m tools.docs --check
	$(BIN)/python -m pytest --quiet tests/docs/test_links.py
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/zizmor --offline --no-progress --quiet $(WORKFLOWS)

docs: setup ## write the parts of docs/ that are made from the code anew: tables, names, --help, transcripts
	@$(BIN)/python -m tools.docs
	@$(BIN)/python -m tests.docs.nights
	@$(BIN)/python -m tests.docs.transcripts

spellings: setup ## work out anew which spelling means which country or subdivision, after a change to vocabulary/data/*.csv
	@$(BIN)/python -m tools.build_spellings

pictures: setup ## draw the pictures of docs/img anew, from runs against a portal in a box
	@$(BIN)/python -m tools.pictures

bench: setup $(RIVALS)/.installed ## speed, memory and calls of the whole job; takes half an hour
	@$(BIN)/python -m tests.benchmarks

scale-model: setup ## what portals, fleets and universes cost at any size, from the numbers of tools/scale_constants.toml
	@$(BIN)/python -m tools.scale_model

browser: setup ## the pages in Chromium: widths, colours, keyboard, paper, accessibility
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal tests/browser $(ARGS)

clients: setup $(RIVALS)/.installed ## other people's HubSpot clients against the sandbox; installs them (Node's where npm is)
	@! command -v npm >/dev/null || (cd tests/foreign && npm ci --silent --ignore-scripts) \
		|| echo "the Node client could not be installed; its test is left out" >&2
	@$(BIN)/python -m pytest tests/foreign $(ARGS)

ray: setup $(RAY) ## install Ray, which is an extra of 0.5 GB, and run its tests
	@$(BIN)/python -m pytest tests/ray $(ARGS)

drill: setup ## kills, faults, others at work, nights and histories at full length; takes half an hour; ARGS="nights" runs some
	@$(BIN)/python -m tests.drills $(ARGS)

wheel: setup ## build the wheel into dist/; DIST=... puts it elsewhere
	@$(BIN)/python -m build --wheel --no-isolation --outdir $(DIST) .

image: ## build the container image; IMAGE=name:tag names it
	@docker info >/dev/null 2>&1 || { echo "make image needs a running Docker engine, and none answers here" >&2; exit 1; }
	docker build --tag $(IMAGE) .

setup: $(INSTALLED) ## install the locked packages into .venv; PYTHON=python3.12 names an interpreter

lock: setup ## write requirements/*.txt anew from pyproject.toml, keeping versions that still fit
	$(COMPILE) $(UPGRADE) --extra dev --all-build-deps --output-file requirements/dev.txt pyproject.toml
	$(COMPILE) --constraint requirements/dev.txt --all-build-deps --only-build-deps --output-file requirements/build.txt pyproject.toml
	$(COMPILE) --constraint requirements/dev.txt --extra notify --extra object-store --extra postgres --output-file requirements/image.txt pyproject.toml
	$(COMPILE) --constraint requirements/dev.txt --extra sandbox --output-file requirements/sandbox.txt pyproject.toml
	$(COMPILE) --constraint requirements/dev.txt --extra ray --output-file requirements/ray.txt pyproject.toml
	$(COMPILE) --constraint requirements/dev.txt --extra bench --output-file requirements/bench.txt pyproject.toml
	$(COMPILE) $(UPGRADE) --output-file requirements/audit.txt requirements/audit.in

upgrade: UPGRADE := --upgrade
upgrade: lock ## lock, with the newest versions pyproject.toml allows

$(INSTALLED): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages into $(VENV) ..." >&2
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What the benchmarks read beside us is nobody's dependency, so it lives apart; without it they say what they left out.
$(RIVALS)/.installed: requirements/bench.txt | setup
	@$(BIN)/python -m venv $(RIVALS)
	@$(RIVALS)/bin/python -m pip install --quiet --require-hashes --requirement $< && touch $@ \
		|| echo "dlt could not be installed; the benchmarks leave it out" >&2

$(RAY): requirements/ray.txt | setup
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement $< && touch $@ \
		|| echo "Ray could not be installed; its tests are left out" >&2

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) is not installed; icp_sync needs Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "icp_sync needs Python 3.11 or newer, $(PYTHON) is older; name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments; install its venv package (Debian: python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
