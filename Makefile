# Commands for newcomers and developers. They need make (3.81 or newer) and Python 3.11 or newer; pip and npm install the rest,
# checked by hashes.

PYTHON ?= python3
STORE ?= store
PORT ?= 7878
ARTICLES ?= seeds
WORK ?= build/training

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALLED := $(VENV)/.installed
DEVELOPING := $(VENV)/.developing
LOCK := uv pip compile --quiet --universal --generate-hashes --python-version 3.11
PEERS := tests/peers/node_modules
VENDOR := src/hamakg/web/pages/static/vendor
TRAINING := .venv-train
SERVICES := tests/peers/services

.PHONY: help demo test test-slow test-long test-peers check format docs bench train lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(INSTALLED) ## build the graph of the two seed articles, ask it three questions, serve it until Ctrl-C
	@$(BIN)/hamakg build seeds --store $(STORE)
	@for question in changes-of-hands closest-approach denied-claims; do \
		$(BIN)/hamakg query $$question --store $(STORE) || exit; \
	done
	@$(BIN)/hamakg serve --store $(STORE) --port $(PORT)

test: $(DEVELOPING) ## the tests that take less than five seconds each
	@$(BIN)/pytest

test-slow: $(DEVELOPING) ## the tests that take longer, up to a few minutes each
	@$(BIN)/pytest -m slow

test-long: $(DEVELOPING) ## the tests that take many minutes or hours, such as a hundred kills of a writer
	@$(BIN)/pytest -m long

test-peers: $(DEVELOPING) $(PEERS)/.installed $(SERVICES)/.installed ## an installed wheel, other engines and services, a browser (needs node, npm, chromium; takes openrefine)
	@$(BIN)/pytest -m peers

check: $(DEVELOPING) ## style, types, and who may import whom
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEVELOPING) ## put the code in the project's style
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

docs: $(DEVELOPING) ## write the generated parts of the documentation anew: tables, help texts, what commands print
	@PYTHONPATH=tests $(BIN)/python -m docs.write

bench: $(DEVELOPING) ## how fast the stages are, and dumps of a larger graph
	@$(BIN)/python benchmarks/speed.py
	@$(BIN)/python benchmarks/dumps.py
	@$(BIN)/python benchmarks/linking.py

train: $(TRAINING)/.installed ## the model that reads the narrative, from annotated articles (ARTICLES=folder; takes hours and 5 GB)
	@PYTHONPATH=src:. $(TRAINING)/bin/python -m training $(ARTICLES) --work $(WORK)

lock: ## update the locks: the newest versions that pyproject.toml allows, with hashes, for every system (needs uv)
	@$(LOCK) --upgrade pyproject.toml --group pip -o requirements.lock
	@$(LOCK) --upgrade --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove what was installed and built here
	@rm -rf $(VENV) $(TRAINING) $(STORE)

$(PEERS)/.installed: tests/peers/package-lock.json
	@npm ci --prefix tests/peers --silent --no-audit --no-fund
	@touch $@

$(TRAINING)/.installed: training/requirements.txt requirements.lock
	@$(PYTHON) -m venv $(TRAINING)
	@$(TRAINING)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(TRAINING)/bin/pip install --quiet --disable-pip-version-check -r training/requirements.txt
	@touch $@

$(SERVICES)/.installed: tests/peers/services.txt
	@$(PYTHON) -m venv $(SERVICES)
	@$(SERVICES)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r tests/peers/services.txt
	@touch $@

$(INSTALLED): requirements.lock pyproject.toml hatch_build.py web/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "hamakg needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@echo "Installing what hamakg needs into $(VENV) (about 500 MB; once)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --build-constraint requirements-dev.lock -e .
	@test -d $(VENDOR) || echo "npm could not be reached: the query page has no editor. To add it later: $(BIN)/pip install --no-deps -e ."
	@touch $@

$(DEVELOPING): $(INSTALLED) requirements-dev.lock
	@echo "Installing what developing needs on top (about 700 MB; once)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
