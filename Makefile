# Every command a developer or an operator of one machine needs. `make` alone lists them.
# pyenv compiles Python without its optimizations unless told to, and such a one takes a third longer for everything: the
# system's own goes before it, where that is new enough and can make an environment.
OPTIMIZED := import sys, sysconfig; sys.exit("--enable-optimizations" not in str(sysconfig.get_config_var("CONFIG_ARGS")))
SUITABLE := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
SYSTEM_PYTHON := /usr/bin/python3
PYTHON ?= $(shell (! python3 -c '$(OPTIMIZED)' && $(SYSTEM_PYTHON) -c '$(SUITABLE)' && echo $(SYSTEM_PYTHON)) 2>/dev/null || echo python3)
V := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help

help: ## list the commands
	@grep -hE '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

.venv: .venv/.ready ## create the environment from the hash-locked file

.venv/.ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Offshelf needs Python 3.11 or newer: set PYTHON=/path/to/python3.11 and run make again."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Could not create .venv: on Debian run 'apt-get install python3-venv' and try again."; exit 1; }
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: .venv/.ready requirements-dev.lock
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.bench: .venv/.ready requirements-bench.lock
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

.PHONY: demo demo-reset demo-check faults walkthroughs trial test coverage check format lock
RUN := $(V)/python -m portal.run
QUOTED = $(foreach option,$(1),$(if $($(option)),--$(shell echo $(option) | tr A-Z a-z) '$($(option))'))

demo: .venv ## run the whole portal on this machine [HISTORY=yes RECALLS=… CATALOGUE=… PORT=… FOLDER=…]
	@$(RUN) demo $(if $(HISTORY),--history) $(call QUOTED,RECALLS CATALOGUE PORT FOLDER)

demo-reset: .venv ## empty the demo's data folder [FOLDER=…]
	@$(RUN) reset $(call QUOTED,FOLDER)

walkthroughs: .venv/.dev ## walk through the first tasks of three users in a browser and take the screenshots of the docs (needs Chromium)
	@$(V)/python scripts/walkthroughs.py

trial: .venv/.dev ## run the image's steps in a root folder and hosts made from it, as root [FOLDER=… ARGS=--help]
	@PYTHONPATH=scripts $(V)/python -m trial $(call QUOTED,FOLDER) $(ARGS)

demo-check: .venv ## test the whole workflow over HTTP on a private instance [RECALLS=… CATALOGUE=…]
	@$(V)/python -m portal.demo.check $(call QUOTED,RECALLS CATALOGUE)

faults: .venv/.dev ## inject faults into a private instance under load and check that nothing is lost [SEED=… COUNT=200]
	@$(V)/python -m benchmarks.faults $(call QUOTED,SEED COUNT)

# The tests start some hundred programs, which are compiled once, whatever the environment says.
test coverage: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.dev ## run all tests against the embedded servers, in parallel [ARGS=…]
	@$(V)/python -m pytest -n 2 --dist worksteal $(ARGS)

coverage: .venv/.dev ## run all tests and list the lines and branches that no test reaches [ARGS=…]
	@$(V)/coverage erase
	@$(V)/coverage run -m pytest -n 2 --dist worksteal $(ARGS)
	@$(V)/coverage combine --quiet
	@$(V)/coverage report

check: .venv/.dev ## check style, types, import contracts, migrations and their locks, and production settings
	$(V)/ruff check .
	$(V)/ruff format --check .
	$(V)/djlint --check --quiet templates
	$(V)/djlint --lint --quiet templates
	$(V)/lint-imports
	@$(V)/python -m portal.run servers --fresh --folder .offshelf/check -- $(MAKE) --no-print-directory check-with-servers

.PHONY: check-with-servers
check-with-servers:
	$(V)/mypy .
	$(V)/python manage.py makemigrations --check --dry-run
	$(V)/python manage.py check_migration_locks
	OFFSHELF_MODE=production SECRET_KEY=$$($(V)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  ALLOWED_HOSTS=offshelf.example.gov DEFAULT_FROM_EMAIL=duty@offshelf.example.gov \
	  $(V)/python manage.py check --deploy --fail-level WARNING

format: .venv/.dev ## format code and templates, and apply automatic fixes
	$(V)/ruff check --fix .
	$(V)/ruff format .
	$(V)/djlint --reformat --quiet --warn templates

.PHONY: bench-feed bench-matching bench-new-recall bench-pages bench-partitions bench-rescan bench-same-matches bench-scale bench-sweep bench-tamper fit-weights
DATA ?= ../shared/data
JUDGE ?= ../shared/benchmark

bench-matching: .venv/.bench ## compare the matching engine with the baselines on real data [DATA=… JUDGE=…]
	@$(V)/python -m benchmarks.matching --data '$(DATA)' --judge '$(JUDGE)'

bench-same-matches: .venv ## compare what matching finds with every candidate compared in full, on real listings [DATA=… LISTINGS=…]
	@$(V)/python -m benchmarks.same_matches --data '$(DATA)' $(call QUOTED,LISTINGS)

bench-new-recall: .venv ## match new notices against 1,000,000 stored listings [DATA=…]
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.new_recall --data '$(DATA)'

bench-feed: .venv ## take in 1,000,000 rows with 1,000 active notices, compared with a raw COPY [DATA=… ROWS=… NOTICES=…]
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.feed --data '$(DATA)' $(call QUOTED,ROWS NOTICES)

bench-pages: .venv ## time every page with 1,000,000 listings, 100,000 flags and 10,000 recalls stored [COMPARE=1 LISTINGS=… FLAGS=… RECALLS=… TIMES=… ONLY=…]
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.pages $(if $(COMPARE),--compare) $(call QUOTED,LISTINGS FLAGS RECALLS TIMES ONLY)

bench-scale: .venv ## import, new recalls and the queue at 10,000 to 1,000,000 listings, or up to MOST [DATA=… MOST=… NOTICES=…]
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.scale --data '$(DATA)' $(call QUOTED,MOST NOTICES)

bench-partitions: .venv ## listings by platform and audit events by month, plain and partitioned, to 1,000,000 or MOST [DATA=… MOST=… PLATFORMS=…]
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.partitions --data '$(DATA)' $(call QUOTED,MOST PLATFORMS)

bench-rescan: .venv ## check 10,000 listings of a local fake shop, compared with plain httpx
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.rescan

bench-sweep: .venv ## raise 100,000 escalation steps due at once, and measure the lag with 1,000,000 open takedowns
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.sweep

bench-tamper: .venv/.dev ## tamper 1,000 times with evidence packs and the audit chain: all of it must be found and located [COUNT=… SEED=…]
	@$(RUN) servers --folder .offshelf/bench --fresh -- $(V)/python -m benchmarks.tamper $(call QUOTED,COUNT SEED)

fit-weights: .venv/.bench ## fit the weights of the matching engine, with cross-validation over recalls [DATA=… DECISIONS=… KEEP=1]
	@$(V)/python -m benchmarks.fit_weights --data '$(DATA)' --weights listings/matching/weights.json --diagram docs/pictures/reliability.svg $(if $(KEEP),--keep) $(if $(DECISIONS),--decisions '$(DECISIONS)')

.PHONY: words
words: .venv/.dev ## update the translation files after texts have changed (needs GNU gettext)
	@$(RUN) servers -- $(V)/python manage.py makemessages -l de -l es -l zh_Hans --no-location --no-wrap --no-obsolete -i tests -i .venv -i .offshelf
	@sed -i '/^"POT-Creation-Date/d' locale/*/LC_MESSAGES/django.po
	@$(RUN) servers -- $(V)/python manage.py compilemessages -i .venv

.PHONY: sbom audit
FILE ?= sbom.cdx.json

sbom: .venv/.dev ## write what the product is installed from as CycloneDX 1.6, checked against its schema [FILE=sbom.cdx.json]
	@$(V)/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml --spec-version 1.6 \
	  --output-format JSON --output-reproducible --validate --output-file '$(FILE)'

audit: .venv/.dev ## ask OSV for known vulnerabilities of what the product is installed from (needs the network) [SERVICE=…]
	@$(V)/python scripts/audit.py requirements.lock $(call QUOTED,SERVICE)

lock: ## update the lock files (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements.lock -o requirements-dev.lock
	uv pip compile pyproject.toml --extra bench --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements.lock -o requirements-bench.lock
	uv pip compile pyproject.toml --extra browser --extra s3 --extra telemetry --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements-dev.lock -o requirements-extras.lock
	uv pip compile pyproject.toml --extra ray --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements.lock -o requirements-ray.lock
