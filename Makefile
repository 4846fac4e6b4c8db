# Two commands are all a newcomer needs: `make practice` and `make test`. Each sets up what it needs; a second time is
# instant. Set-up reads nothing from standard input, so replies can be piped into `make practice`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: practice test clean

practice: $(VENV)/.installed
	@$(BIN)/simulator practice $(ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --cov

$(VENV)/.installed: pyproject.toml install.sh
	@sh ./install.sh $(PYTHON) $(VENV) . </dev/null >&2
	@touch $@

$(VENV)/.installed-dev: pyproject.toml install.sh
	@sh ./install.sh $(PYTHON) $(VENV) '.[dev]' </dev/null >&2
	@touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
