# Every command a developer or an operator of one machine needs. `make` alone lists them.
PYTHON ?= python3
V := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help

help: ## list the commands
	@grep -hE '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

.venv: .venv/.ready ## create the environment from the hash-locked file

.venv/.ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Offshelf needs Python 3.11 or newer: set PYTHON=/path/to/python3.11 and run make again."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Could not create .venv: on Debian run 'apt-get install python3-venv' and try again."; exit 1; }
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: .venv/.ready requirements-dev.lock
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
