# Two commands do all the set-up themselves: `make figures` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SPECS := $(wildcard figures/*.yaml)

.PHONY: figures help test test-all bench accept docs oracle sites lowest newest clean

figures: $(VENV)/installed ## verify the gallery and render it into build/figures/
	@$(BIN)/lorafig render $(SPECS) -f svg,tikz,tex,pdf,png -o build/figures
	@$(BIN)/lorafig render $(shell grep -l "^controls:" $(SPECS)) -f html -o build/figures

help: ## what each target does
	@awk -F':.*## ' '/^[a-z][a-z -]*:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: SAMPLE = --sample
test test-all: $(VENV)/tested ## lint, type-check, run the tests; of those with many cases, `make test` a sample
	$(BIN)/ruff check lorafig tests bench
	$(BIN)/ruff format --check lorafig tests bench
	$(BIN)/mypy
	@# Hundreds of tests start lorafig: where Python keeps no bytecode of its own accord, each would compile it.
	@$(BIN)/python -m compileall -q -j 2 lorafig
	$(BIN)/pytest -n 2 $(SAMPLE)

bench: $(VENV)/tested ## speed beside the neighbouring tools, as ratios
	@$(BIN)/python -m bench

accept: $(VENV)/tested ## rewrite the stored outputs that tests compare with; look at them before
	LORAFIG_ACCEPT=1 $(BIN)/pytest tests/test_goldens.py tests/test_readme.py

docs: $(VENV)/documented ## the documentation, with the gallery in it, into build/docs
	$(BIN)/python -m lorafig.language.reference > docs/language.md
	$(BIN)/python -m lorafig.documentation docs
	$(BIN)/zensical build --clean --strict

oracle: ## adapters against PEFT itself, networks against transformers and diffusers, and a real Ray, in a venv of its own (about 1.7 GB)
	$(PYTHON) -m venv build/oracle
	build/oracle/bin/pip install --quiet -r tests/core/oracle/requirements.txt -e '.[test]'
	LORAFIG_ORACLE=1 build/oracle/bin/pytest tests/core tests/inspection tests/test_spread.py

sites: $(VENV)/tested ## the plugins in Docusaurus, Astro, VitePress and Eleventy themselves (about 900 MB in build/sites)
	LORAFIG_SITES=1 $(BIN)/pytest tests/embed/test_tools.py

# The same bytes whatever the versions: the goldens, the gallery and the README, in a venv of its own.
RUNNERS = pytest pytest-xdist pytest-timeout hypothesis jsonschema
VERSIONS = tests/test_goldens.py tests/test_gallery.py tests/test_readme.py tests/language

lowest: ## the tests of outputs with the lowest versions that pyproject.toml admits
	$(PYTHON) -m venv --clear build/lowest
	$(PYTHON) tests/lowest.py pyproject.toml > build/lowest/constraints.txt
	build/lowest/bin/pip install --quiet -e . $(RUNNERS) -c build/lowest/constraints.txt
	build/lowest/bin/python -c "import matplotlib.font_manager" # its cache, which it tells of
	build/lowest/bin/pytest -n 2 --sample $(VERSIONS)

newest: ## the same with the newest versions that there are
	$(PYTHON) -m venv --clear build/newest
	build/newest/bin/pip install --quiet --upgrade --upgrade-strategy eager -e . $(RUNNERS)
	build/newest/bin/pytest -n 2 --sample $(VERSIONS)

$(VENV)/installed: pyproject.toml tests/setup
	@echo "installing lorafig into $(VENV), which takes about a minute" >&2
	@sh tests/setup $(PYTHON) $(VENV)
	@touch $@

$(VENV)/tested: $(VENV)/installed tests/setup tests/npm/packages.txt tests/npm/install.py
	@sh tests/setup $(PYTHON) $(VENV) test
	@test -s $(VENV)/missing || touch $@

$(VENV)/documented: $(VENV)/installed
	@$(BIN)/pip install --quiet -e '.[docs]'
	@touch $@

clean: ## remove what was built
	rm -rf build dist $(VENV)
