# Everything below sets itself up: Python >= 3.11, make and pip are enough. Paths are relative, because make
# cannot name a folder with a space in it.

# The first Python that is new enough; name another with PYTHON=….
PYTHON = $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$candidate" && break; done)
OWN = .venv/bin/python
EMBEDDED = $(OWN) -m finance_hub.embedded

# Recipes are single plain commands, so that make runs them itself and passes SIGTERM on; see
# finance_hub/embedded/stopping.py for the rest.

.PHONY: help setup run test browser-test bench lint format remove

help:
	@echo "make run     the whole city in the foreground on PORT (8000): web, worker, scheduler, demo data"
	@echo "make test    every test; ARGS='-k words' chooses, ARGS='-m \"not slow\"' is the quick round"
	@echo "make browser-test  the tests in a real browser, which make test leaves out where there is none"
	@echo "make bench   benchmarks: a table, and a file under var/bench/"
	@echo "make lint    style, types, the floors of the house, migrations"
	@echo "make format  put the code into the house's format"
	@echo "make setup   only install the packages"
	@echo "make remove  throw away the stopped city's data"

setup:
	@$(if $(PYTHON),$(PYTHON),$(error Python 3.11 or newer was not found; name one with PYTHON=)) -m finance_hub.embedded.packages requirements/dev.txt

run: setup
	@$(EMBEDDED) run

# Compiled once: otherwise every worker and every process of a test compiles the whole of it anew, where the
# environment says that Python is to leave no bytecode behind.
test browser-test: export PYTHONDONTWRITEBYTECODE =
test: setup
	@$(EMBEDDED) exec --instance test -- python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

browser-test: export BROWSER_TESTS = required
browser-test: setup
	@$(EMBEDDED) exec --instance test -- python -m pytest tests/web/browser $(ARGS)

bench: setup
	@$(EMBEDDED) exec --instance bench -- python -m benchmarks $(ARGS)

lint: setup
	@$(OWN) -m ruff check .
	@$(OWN) -m ruff format --check .
	@$(OWN) -m mypy
	@.venv/bin/lint-imports
	@$(OWN) manage.py makemigrations --check --dry-run

format: setup
	@$(OWN) -m ruff format .
	@$(OWN) -m ruff check --fix .

remove: setup
	@$(EMBEDDED) remove
