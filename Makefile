# Every target does its own set-up: a virtual environment in .venv, and in .cache the link that makes
# this checkout the collection opencontrail.service_chain.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
# How many generated examples `make unit` tries of each property: few or all.
EXAMPLES ?= few
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
COLLECTION := .cache/ansible_collections/opencontrail/service_chain
SCENARIOS := $(patsubst extensions/molecule/%/molecule.yml,%,$(wildcard extensions/molecule/*/molecule.yml))
# Scenarios that need the containers of `make machines`.
ON_MACHINES := compute_prep service_endpoints
# For steps that do not keep all cores busy: two at a time, the output of each in one piece.
SIDE_BY_SIDE := $(MAKE) --no-print-directory --jobs=2 --output-sync=target
COMPILE := --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"
export PATH := $(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/tests
# Hundreds of processes of Ansible and its modules begin with the same imports; without kept bytecode each compiles them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup lab demo test lint sanity unit versions integration machines molecule matrix audit lock pages docs build schema
.PHONY: bench clean
.PHONY: $(SCENARIOS:%=molecule/%)

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 14

$(VENV)/.ready: requirements-dev.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r $<
	@touch $@

$(COLLECTION):
	@mkdir -p $(@D) && ln -sfn ../../.. $@

setup: $(VENV)/.ready $(COLLECTION) ## Make .venv and the collection link

lab: setup ## Run the lab in the foreground: Contrail API, vMX, hosts
	@exec $(BIN)/python -m lab $(LAB_OPTIONS)

demo: setup ## Carry out the reference scenario on a lab of its own and show the router's tables
	@exec $(BIN)/python tests/tools/demo.py

test: setup ## Everything that must pass
	@$(SIDE_BY_SIDE) lint sanity machines
	@$(SIDE_BY_SIDE) EXAMPLES=all unit versions
	@$(MAKE) --no-print-directory integration molecule

lint: setup ## Style, types, pages made from code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy tests
	@$(BIN)/mypy -p ansible_collections.opencontrail.service_chain.plugins.module_utils
	@$(BIN)/python tests/tools/schema/generate_contrail_schema.py --check
	@$(BIN)/python tests/tools/docs_pages/generate_errors_and_cures.py --check
	@$(BIN)/python tests/tools/docs_pages/generate_data_model.py --check
	@$(BIN)/python tests/tools/docs_pages/generate_module_documentation.py --check
	@$(BIN)/yamllint --strict .

sanity: setup ## Playbooks by ansible-lint, which starts ansible-playbook for each, and ansible-test's sanity checks
	@$(BIN)/ansible-lint --strict
	@$(BIN)/python tests/tools/sanity/run_in_copy.py

unit: setup ## Pure code, wire conversations; a fifth of the generated examples, all with EXAMPLES=all
	@EXAMPLES=$(EXAMPLES) $(BIN)/pytest -n 2 tests/unit tests/wire

versions: setup ## What depends on versions under the other supported versions that are at hand
	@EXAMPLES=few $(BIN)/python tests/tools/versions/run.py --at-hand --except 3.11 --dependent tests/unit tests/wire \
	  tests/contract/test_in_process.py

integration: setup ## The lab against recorded truth, the modules and the site against the lab, the artifact, reports in a browser
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 40 \
	  tests/contract tests/integration tests/artifact tests/browser

machines: setup ## Containers that stand for compute hosts and guests (root on Debian; else says what is left out)
	@$(BIN)/python -m tools.machines

molecule: setup machines ## The site and the roles alone as molecule scenarios, on real containers where there are any
	@$(SIDE_BY_SIDE) $(patsubst %,molecule/%,$(if $(shell ls .cache/machines/ready.json 2>/dev/null),$(SCENARIOS),\
	  $(filter-out $(ON_MACHINES),$(SCENARIOS))))

$(SCENARIOS:%=molecule/%): molecule/%: setup
	@cd extensions && $(BIN)/molecule test -s $*

matrix: setup ## Everything but linters and molecule under each supported Python and ansible-core
	@$(BIN)/python tests/tools/versions/run.py tests/unit tests/wire tests/artifact tests/contract tests/integration

audit: setup ## Pure code and wire conversations with the lowest versions that requirements.txt allows, and their licences
	@$(BIN)/python -m tools.versions.lowest tests/unit tests/wire

lock: setup ## Choose the newest versions for development anew, with their hashes
	@$(BIN)/uv pip compile -q --upgrade $(COMPILE) requirements-dev.txt > .cache/requirements-dev.lock
	@echo 'contrail-api-client==2005' | $(BIN)/uv pip compile -q --no-header --no-deps $(COMPILE) - >> .cache/requirements-dev.lock
	@mv .cache/requirements-dev.lock requirements-dev.lock

pages: setup ## Write the pages, and the modules' options, that are made from the code anew
	@$(BIN)/python tests/tools/docs_pages/generate_errors_and_cures.py
	@$(BIN)/python tests/tools/docs_pages/generate_data_model.py
	@$(BIN)/python tests/tools/docs_pages/generate_module_documentation.py

docs: setup ## Build the documentation's site into .cache/docs; a warning is an error
	@rm -rf .cache/docs && mkdir -p .cache/docs && cp -r docs .cache/docs/source && mkdir -m 755 .cache/docs/source/reference
	@ANSIBLE_COLLECTIONS_PATH=.cache $(BIN)/antsibull-docs collection --use-current --squash-hierarchy --fail-on-error \
	  --no-breadcrumbs --dest-dir .cache/docs/source/reference opencontrail.service_chain
	@$(BIN)/sphinx-build -q -W --keep-going -j auto .cache/docs/source .cache/docs/html
	@echo "open .cache/docs/html/index.html"

build: setup ## Build the collection's artifact into .cache
	@$(BIN)/ansible-galaxy collection build --force --output-path .cache

schema: setup ## Write the collection's knowledge of Contrail's schema anew
	@$(BIN)/python tests/tools/schema/generate_contrail_schema.py

bench: setup ## Measure speed, in ratios of one run
	@$(BIN)/pytest -q -s -m bench tests/bench

clean: ## Remove everything that was made here
	@rm -rf .venv .cache
