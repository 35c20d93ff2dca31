# make book, make test, make notebooks; `make help` tells more.
# The rules use a virtual or conda environment if one is active, else .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help

ifneq ($(filter-out $(CURDIR)/.venv,$(VIRTUAL_ENV)),)
  ENV := $(VIRTUAL_ENV)
else ifneq ($(filter-out base,$(CONDA_DEFAULT_ENV)),)
  ENV := $(CONDA_PREFIX)
else
  ENV := .venv
endif

PY := $(ENV)/bin/python
INSTALLED := $(ENV)/.rnn-course-installed
PIP := "$(PY)" -m pip --disable-pip-version-check --no-input
JUPYTER_BOOK := "$(ENV)/bin/jupyter-book" build .

HTML := _build/html
STRICT := _build/strict

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
TOO_OLD := needs Python 3.11 or newer. Install one, or name it: make book PYTHON=/path/to/python3.12

.PHONY: help install book strict test coverage notebooks release grade bench mutants pdf offline clean

help:
	@echo 'make book       build the HTML book and print where it is'
	@echo 'make test       check the code, the chapters and the book'
	@echo 'make notebooks  run all chapters again and store them in canonical form'
	@echo 'make strict     build the book with every warning an error'
	@echo 'make pdf        write the book as PDF; needs LaTeX'
	@echo 'make offline    pack the HTML book into one zip that works without a network'
	@echo 'make release    make the zip of each chapter that students get'
	@echo 'make grade      grade what they hand in: SUBMISSIONS=... CHAPTER=...'
	@echo 'make coverage   measure which lines of rnn_lib the tests run'
	@echo 'make bench      measure speed against PyTorch; BENCH_ARGS=--save stores it'
	@echo 'make mutants    change rnn_lib line by line and see that the tests notice'
	@echo 'make clean      remove what was built; .venv stays'
	@echo
	@echo 'The first run sets up .venv, or the environment that is active. Variables:'
	@echo '  PYTHON=...       the Python (3.11 or newer) that .venv is made with'
	@echo '  LIVE=0           build without Run buttons in the chapters'
	@echo '  PYODIDE_URL=...  where Python for the browser is found; see README.md'
	@echo '  TORCH_INDEX=...  where pip finds the CPU build of PyTorch; see README.md'

# The first Python that is new enough; PYTHON=... names one instead.
.venv/bin/python:
	@set -e; found=; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python); do \
	  if "$$candidate" -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then \
	    found=$$candidate; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'This book $(TOO_OLD)' >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "$$found has no venv module. Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$("$$found" --version)"; \
	"$$found" -m venv .venv

ifneq ($(ENV),.venv)
$(PY):
	@echo 'The active environment, $(ENV), has no bin/python. Leave it, or mend it.' >&2; exit 1
endif

$(INSTALLED): requirements.txt pyproject.toml | $(PY)
	@"$(PY)" -c '$(NEW_ENOUGH)' || \
	  { echo 'The environment $(ENV) is too old: this book $(TOO_OLD)' >&2; exit 1; }
ifneq ($(TORCH_INDEX),)
	$(PIP) install --index-url "$(TORCH_INDEX)" "$$(grep '^torch==' requirements.txt)"
endif
	$(PIP) install -r requirements.txt
	@touch "$@"

install: $(INSTALLED)

book: $(INSTALLED)
	@$(JUPYTER_BOOK) --quiet
	@echo "The book is in $(CURDIR)/$(HTML)/index.html"

strict: $(INSTALLED)
	@rm -rf $(STRICT)
	@$(JUPYTER_BOOK) --quiet -W -n --keep-going --path-output $(STRICT)
	@echo 'The book builds without a warning.'

pdf: $(INSTALLED)
	@"$(PY)" book/tools/take_along.py pdf

offline: book
	@"$(PY)" book/tools/take_along.py offline

test: $(INSTALLED)
	"$(PY)" -m ruff check .
	"$(PY)" -m ruff format --check .
	"$(PY)" -m pytest -n auto --dist loadscope $(PYTEST_ARGS)

coverage: $(INSTALLED)
	"$(PY)" -m pytest tests -n auto --cov --cov-report=term-missing

notebooks: $(INSTALLED)
	"$(PY)" book/tools/notebooks.py
	"$(PY)" -m exercises launch

release: $(INSTALLED)
	"$(PY)" -m exercises release chapters/*.ipynb

grade: $(INSTALLED)
	@test -n "$(SUBMISSIONS)" && test -n "$(CHAPTER)" || { \
	  echo 'make grade SUBMISSIONS=folder-or-zip CHAPTER=chapters/01_one_hot.ipynb' >&2; \
	  exit 1; }
	"$(PY)" -m exercises grade "$(SUBMISSIONS)" "$(CHAPTER)" $(GRADE_ARGS)

bench: $(INSTALLED)
	"$(PY)" reference/benchmark/speed.py $(BENCH_ARGS)

# mutmut is installed only here: nothing else needs it.
mutants: $(INSTALLED)
	$(PIP) install --quiet mutmut==3.8.1
	OMP_NUM_THREADS=1 "$(ENV)/bin/mutmut" run
	"$(ENV)/bin/mutmut" results

clean:
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage htmlcov mutants
