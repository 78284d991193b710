# One command per intention. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PYTEST ?= -n auto --dist worksteal
PY := $(VENV)/bin/python

# Airflow is five processes that import the same modules: let the first one keep what it compiled (in .venv).
unexport PYTHONDONTWRITEBYTECODE

# What a local run can be told: make demo SEED=11 DESK=my-desk AIRFLOW_PORT=9000 SANDBOX_PORT=9100 RUN_DIR=/tmp/x
RUN_OPTIONS = $(if $(SEED),--seed $(SEED)) $(if $(DESK),--desk "$(DESK)") $(if $(WEEKS),--weeks $(WEEKS)) \
  $(if $(AIRFLOW_PORT),--airflow-port $(AIRFLOW_PORT)) $(if $(SANDBOX_PORT),--sandbox-port $(SANDBOX_PORT)) \
  $(if $(RUN_DIR),--run-dir "$(RUN_DIR)")

.PHONY: help demo up down test check docs bench faults requirements train-sentiment clean

help: ## list the commands
	@echo "Social Desk"; grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

demo: $(VENV)/ready ## play a week: plan, approve, publish, read the numbers, tell Slack; ends by itself
	@exec $(PY) -m include.local demo $(RUN_OPTIONS)

up: $(VENV)/ready ## keep all of it running, with the addresses printed, until Ctrl-C
	@exec $(PY) -m include.local up $(RUN_OPTIONS)

down: $(VENV)/ready ## end what a `make up` elsewhere left running
	@exec $(PY) -m include.local down $(RUN_OPTIONS)

test: $(VENV)/ready-dev ## run every test, lint and type check
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && exec $(PY) -m pytest $(PYTEST)

check: $(VENV)/ready-dev ## lint and types only
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy

docs: $(VENV)/ready-dev ## write the generated pages of docs/ anew
	@$(PY) -m include.local.documents

bench: $(VENV)/ready-dev ## run every benchmark and write benchmarks/results.json
	@exec $(PY) -m benchmarks

faults: $(VENV)/ready-dev ## publish 1,000 times under faults of every kind; tell what went out twice or was lost
	@exec $(PY) -m benchmarks.faults $(FAULTS)

requirements: $(VENV)/ready-dev ## compile requirements*.txt from requirements*.in
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-header requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-header requirements-train.in -o requirements-train.txt
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-header requirements-transformers.in -o requirements-transformers.txt

train-sentiment: $(VENV)/ready ## train the comment model anew: make train-sentiment DATA=labelled_comments.csv.gz
	@test -n "$(DATA)" || { echo "Say which comments to learn from: make train-sentiment DATA=path/to/labelled_comments.csv.gz"; exit 2; }
	@$(VENV)/bin/uv pip install --quiet --python $(PY) -r requirements.txt -r requirements-train.txt
	@exec $(PY) -m include.comments.training --data "$(DATA)"

clean: ## end what still runs, and remove what the commands made: .venv and .desk
	@for run in .desk/*/; do if [ -x $(PY) ] && [ -d "$$run" ]; then $(PY) -m include.local clean --run-dir "$$run"; fi; done
	rm -rf $(VENV) .desk

$(VENV)/ready: requirements.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if (3, 11) <= v < (3, 14) else \
	  "Social Desk needs Python 3.11 to 3.13; %s is %d.%d. Say which to use: make PYTHON=python3.12 ..." % (sys.executable, v[0], v[1]))'
	@echo "Installing into $(VENV) (once)"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@test -x $(VENV)/bin/uv || $(PY) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@$(VENV)/bin/uv pip install --quiet --python $(PY) -r requirements.txt
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	@$(VENV)/bin/uv pip install --quiet --python $(PY) -r requirements.txt -r requirements-dev.txt
	@touch $@
