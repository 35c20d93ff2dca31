# make book, make test, make notebooks; `make help` tells more.
# The rules use a virtual or conda environment if one is active, else .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# A path may have blanks, so no path of an environment is a target or a prerequisite.
ACTIVE := $(or $(VIRTUAL_ENV),$(if $(filter-out base,$(CONDA_DEFAULT_ENV)),$(CONDA_PREFIX)))
ENV := $(if $(filter-out $(subst $() ,?,$(CURDIR)/.venv),$(subst $() ,?,$(ACTIVE))),$(ACTIVE),.venv)
PY := $(ENV)/bin/python
PIP := "$(PY)" -m pip --disable-pip-version-check --no-input
READY = sh book/tools/environment.sh "$(ENV)"
JUPYTER_BOOK := "$(ENV)/bin/jupyter-book" build .

HTML := _build/html
STRICT := _build/strict
QUICK := not browser and not grader and not kernels and not slow

.PHONY: help light install book strict lint check test coverage notebooks release grade bench seeds length diagnoses newest mutants pdf offline clean

help:
	@echo 'make book       build the HTML book and print where it is'
	@echo 'make test       check the code, the chapters and the book'
	@echo 'make check      the same without browser, grader, runs of chapters and PDF'
	@echo 'make notebooks  run all chapters again and store them in canonical form'
	@echo 'make strict     build the book with every warning an error'
	@echo 'make pdf        write the book as PDF; needs LaTeX'
	@echo 'make offline    pack the HTML book into one zip that works without a network'
	@echo 'make release    make the zip of each chapter that students get'
	@echo 'make grade      grade what they hand in: SUBMISSIONS=... CHAPTER=...'
	@echo 'make coverage   measure which lines of rnn_lib the tests run'
	@echo 'make bench      measure speed against PyTorch; BENCH_ARGS=--save stores it'
	@echo 'make seeds      measure on eight seeds what the chapters claim'
	@echo 'make length     print words and minutes of the chapters'
	@echo 'make diagnoses  count which mistakes the checks name; ARGS=--list prints them'
	@echo 'make newest     install the newest releases, print which outputs change'
	@echo 'make mutants    change rnn_lib line by line and see that the tests notice'
	@echo 'make clean      remove what was built; .venv stays'
	@echo
	@echo 'The first run sets up .venv, or the environment that is active. Variables:'
	@echo '  PYTHON=...       the Python (3.11 to 3.14) that .venv is made with'
	@echo '  LIVE=0           build without Run buttons in the chapters'
	@echo '  PYODIDE_URL=...  where Python for the browser is found; see README.md'
	@echo '  TORCH_INDEX=...  where pip finds the CPU build of PyTorch; see README.md'

# What building the pages needs, and with PyTorch all that the rest needs.
light:
	@$(READY) book "$(PYTHON)"

install:
	@TORCH_INDEX="$(TORCH_INDEX)" $(READY) all "$(PYTHON)"

book: light
	@$(JUPYTER_BOOK) --quiet
	@echo "The book is in $(CURDIR)/$(HTML)/index.html"

strict: light
	@rm -rf $(STRICT)
	@$(JUPYTER_BOOK) --quiet -W -n --keep-going --path-output $(STRICT)
	@echo 'The book builds without a warning.'

pdf: light
	@"$(PY)" book/tools/take_along.py pdf

offline: book
	@"$(PY)" book/tools/take_along.py offline

lint: install
	"$(PY)" -m ruff check .
	"$(PY)" -m ruff format --check .

check: lint
	"$(PY)" -m pytest -n auto -m '$(QUICK)' $(PYTEST_ARGS)

test: lint
	"$(PY)" -m pytest -n auto -p tests.stamps $(PYTEST_ARGS)

coverage: install
	"$(PY)" -m pytest tests -n auto --cov --cov-report=term-missing

notebooks: install
	"$(PY)" book/tools/notebooks.py
	"$(PY)" -m exercises launch

release: light
	"$(PY)" -m exercises release chapters/*.ipynb

grade: install
	@test -n "$(SUBMISSIONS)" && test -n "$(CHAPTER)" || { \
	  echo 'make grade SUBMISSIONS=folder-or-zip CHAPTER=chapters/01_one_hot.ipynb' >&2; \
	  exit 1; }
	"$(PY)" -m exercises grade "$(SUBMISSIONS)" "$(CHAPTER)" $(GRADE_ARGS)

bench: install
	"$(PY)" reference/benchmark/speed.py $(BENCH_ARGS)

seeds: install
	"$(PY)" -m reference.seeds $(CHAPTERS)

length: light
	@"$(PY)" book/tools/length.py

diagnoses: install
	@"$(PY)" -m tests.exercises.diagnoses $(ARGS)

# The newest releases, in an environment of their own: which outputs would change?
newest: light
	@TORCH_INDEX="$(TORCH_INDEX)" "$(PY)" book/tools/newest.py

# mutmut is installed only here: nothing else needs it.
mutants: install
	$(PIP) install --quiet mutmut==3.8.1
	OMP_NUM_THREADS=1 "$(ENV)/bin/mutmut" run
	"$(ENV)/bin/mutmut" results

clean:
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage htmlcov mutants
