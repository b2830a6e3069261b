# What can be done here. "make" alone lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
ARGS ?=

RUN := .venv/bin/python
# The demo ends with the make that started it, however that make ends.
TETHER := $(RUN) -I scripts/tether.py

.PHONY: help
help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: ## The pinned virtual environment .venv and the compiled translations (again only when what they are made from changed)
	@scripts/install.sh

.PHONY: demo
demo: install ## A running site with sample data, on 127.0.0.1 [PORT=8000]; what was entered is kept; Ctrl-C stops everything
	@exec $(TETHER) $(RUN) -m scripts.demo --port "$(PORT)"

.PHONY: demo-reset
demo-reset: install ## The same, with fresh sample data: forgets what was entered in the demo
	@exec $(TETHER) $(RUN) -m scripts.demo --port "$(PORT)" --reset

.PHONY: test
test: install ## The whole suite; installs what it needs where it can, says what is left out [ARGS="-k name"]
	@$(RUN) -m scripts.system_packages
	@$(RUN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: check
check: install ## Format, lint, types and the rules of the house, in seconds
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest --quiet tests/house

.PHONY: format
format: install ## Put the code in the house's format
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

# The files of every folder, "_components" too; a new string is left empty in the catalogue, and a test asks for it.
BABEL := $(RUN) -m babel.messages.frontend --quiet

.PHONY: messages
messages: install ## Bring the English catalogue up to date with the French of the sources; translate what is empty, then make test
	@mkdir -p var
	@$(BABEL) extract --mapping-file babel.cfg --keywords _l --ignore-dirs ".*" --add-location file --sort-by-file --no-wrap \
		--output-file var/messages.pot .
	@$(BABEL) update --input-file var/messages.pot --output-dir feedback_app/translations --no-wrap --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date
	@scripts/install.sh

.PHONY: screenshots
screenshots: install ## Pictures of the key pages at 320 and 1280 px, in screenshots/ [ARGS=--readme: those of the README]
	@$(RUN) -m scripts.screenshots $(ARGS)

# Universal: one lock for every Python from 3.11.0 on and every system (some libraries need more packages on 3.11.2 than on 3.11.3).
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: lock
lock: install ## Pin the dependencies again after a change of pyproject.toml [ARGS=--upgrade]
	@$(COMPILE) $(ARGS) pyproject.toml --output-file requirements/base.txt
	@$(COMPILE) $(ARGS) pyproject.toml --group dev --output-file requirements/dev.txt
