# `make demo` and `make test` need nothing run before them: each sets up what it needs.
# Everything installed goes into .venv; everything written goes to .venv, work/ or a
# temporary folder. No target touches a file that a student may have edited.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Two workers: the suites are small, and grading starts sandboxes of its own.
JOBS   ?= 2
PYTEST := $(BIN)/python -m pytest -n $(JOBS)
# Native sources written by hand; hw0..hw4 are rendered from them.
NATIVE := git ls-files '*.cpp' '*.cc' '*.cu' '*.h' ':!hw[0-4]/*'

.DEFAULT_GOAL := help
.PHONY: help demo test slice test-full check format bench prove stage notebooks jupyter clean
.DELETE_ON_ERROR:

help:
	@echo 'make demo       grade the reference of every homework, train it, show the gradebook'
	@echo 'make test       run the test suite (minutes)'
	@echo 'make slice      run the slow tests and one slice of the proofs (SLICE=2/4, ...)'
	@echo 'make test-full  run everything: slow tests, notebooks, every proof'
	@echo 'make check      formatting, lint, types, and hw0..hw4 against their source'
	@echo 'make stage      render hw0..hw4 from common/'
	@echo 'make bench      measure, and write the tables in docs/benchmarks.md'
	@echo 'make prove      prove closure and plant bugs, and write the tables in docs/proof.md'
	@echo 'make jupyter    install Jupyter into .venv for the notebooks'

# -- environment ---------------------------------------------------------------------

MANIFESTS := pyproject.toml constraints.txt common/coursekit/pyproject.toml grader/pyproject.toml

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 10) else "Python %d.%d is too old: 3.10 or newer is needed (make PYTHON=python3.12 ...)" % v[:2])'
	@echo 'Creating $(VENV) (once)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo 'The venv module is missing or broken: install it (Debian, Ubuntu: apt install python3-venv).'; exit 1; }

# pip >= 25.1 reads the dependency groups of pyproject.toml.
$(VENV)/.ready-demo: $(MANIFESTS) | $(BIN)/python
	@echo 'Installing the packages (once; again only when they change)'
	@$(BIN)/python -m pip install -q --disable-pip-version-check -U 'pip>=25.1'
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt \
	  -e common/coursekit -e grader --group demo
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready-demo
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt \
	  --group test --group check
	@touch $@

# -- what people run -----------------------------------------------------------------

demo: $(VENV)/.ready-demo
	@$(BIN)/python -m grader.demo

test: $(VENV)/.ready-test
	$(PYTEST) -m 'not slow and not network'

# The slow tests, and of those marked `sliced` the part that the commit chooses.
slice: $(VENV)/.ready-test
	SLICE=$${SLICE:-commit/32} $(PYTEST) -m '(slow or sliced) and not network'

test-full: $(VENV)/.ready-test
	SLICE=all $(PYTEST) -m 'not network'

check: $(VENV)/.ready-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@$(NATIVE) | xargs -r $(BIN)/clang-format --dry-run --Werror
	$(BIN)/course stage --check

format: $(VENV)/.ready-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	@$(NATIVE) | xargs -r $(BIN)/clang-format -i

stage: $(VENV)/.ready-demo
	@$(BIN)/course stage

# PyTorch is large, and not to be had everywhere: without it one row of a table is missing.
$(VENV)/.ready-oracle: $(VENV)/.ready-demo
	@echo 'Installing PyTorch, to compare with (once)'
	@if $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt \
	  --group oracle; then touch $@; \
	else echo 'PyTorch cannot be installed here: nothing will be compared with it.'; fi

bench: $(VENV)/.ready-oracle
	@$(BIN)/python docs/benchmarks/hw0.py
	@$(BIN)/python docs/benchmarks/hw1.py
	@$(BIN)/python docs/benchmarks/hw2.py
	@$(BIN)/python docs/benchmarks/hw3.py
	@$(BIN)/python docs/benchmarks/grader_overhead.py
	@$(BIN)/python docs/benchmarks/grading.py

prove: $(VENV)/.ready-demo
	@$(BIN)/grader prove closure --write
	@$(BIN)/grader prove bugs --write

jupyter: $(VENV)/.ready-demo
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt --group jupyter

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
