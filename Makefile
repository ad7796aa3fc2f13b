# Every target does its own set-up: a virtual environment in .venv, and in .cache the link that makes
# this checkout the collection opencontrail.service_chain.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
COLLECTION := .cache/ansible_collections/opencontrail/service_chain
export PATH := $(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/tests

.PHONY: help setup lab demo test lint sanity unit integration molecule build schema bench clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 14

$(VENV)/.ready: requirements.txt requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@$(BIN)/uv pip install -q --python $(BIN)/python -r requirements-dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps contrail-api-client==2005
	@touch $@

$(COLLECTION):
	@mkdir -p $(@D) && ln -sfn ../../.. $@

setup: $(VENV)/.ready $(COLLECTION) ## Make .venv and the collection link
