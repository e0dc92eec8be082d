# Shipshape. `make` alone lists what there is; GNU make 3.81, which macOS has, is enough.

VENV   := .venv
PYTHON := $(VENV)/bin/python
STAMP  := $(VENV)/.installed
GRADER := $(PYTHON) -m grader
SPHINX := $(PYTHON) -m sphinx -W -n -b html -c . docs _build/html

TARGETS   := help grade doctor images html test verify record bench lock clean ready browser
EXERCISES := $(patsubst exercises/%/exercise.toml,%,$(wildcard exercises/*/exercise.toml))

# `make grade 01-hello` as well as `make grade EX=01-hello`: make takes the name for one more target.
ifneq ($(filter grade,$(MAKECMDGOALS)),)
GOALS   := $(filter-out $(TARGETS),$(MAKECMDGOALS))
NAMED   := $(notdir $(GOALS:/=))
UNKNOWN := $(filter-out $(EXERCISES),$(NAMED))
ifneq ($(UNKNOWN),)
$(error There is no exercise $(UNKNOWN); there are: $(EXERCISES))
endif
endif

# EX names the exercise, SUBMISSION another folder than your own. They reach a recipe through the environment
# and unexpanded: neither make nor the shell then takes a part of a folder's name for a command.
override ex         := $(value ex)
override EX         := $(or $(value EX),$(ex),$(NAMED))
override SUBMISSION := $(value SUBMISSION)
export EX SUBMISSION

.DEFAULT_GOAL := help
.PHONY: $(TARGETS) $(GOALS)

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Lost points are the grader's news, not an error of make's: only 2 and above fail, and its words stay the last ones.
grade: ready ## grade your work: EX=01-hello for one exercise, SUBMISSION=folder for another folder
	@ex=$${EX%/}; ex=$${ex##*/}; \
	if [ -n "$$SUBMISSION" ] && [ -z "$$ex" ]; then \
	  printf '%s\n' "SUBMISSION needs an exercise beside it: make grade EX=01-hello SUBMISSION=$$SUBMISSION" >&2; exit 2; fi; \
	$(GRADER) grade -- $${ex:+"$$ex"} $${SUBMISSION:+"$$SUBMISSION"}; code=$$?; [ $$code -eq 1 ] || exit $$code

ifneq ($(GOALS),)
$(GOALS): ; @:
endif

doctor: $(STAMP) ## see whether this machine can grade, and mend what is missing
	@$(GRADER) doctor --fix

images: $(STAMP) ## fetch the base images, or build stand-ins where no registry answers
	@$(GRADER) images

html: $(STAMP) ## build the course as HTML in _build/html
	@$(SPHINX)

test: ready browser ## check the style, the types and the tests
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -m tests.side_by_side "not slow"

verify: ready ## run the slow tests, and grade the whole labelled corpus: every verdict must be right
	$(SPHINX)
	$(PYTHON) -m tests.verify
	$(PYTHON) -m tests.side_by_side slow

record: ready ## record anew what the course shows of real runs: the explorers, and the outputs on its pages
	$(PYTHON) -m tests.record

bench: ready ## run the benchmarks, each beside its peer
	@for script in bench/*.py; do $(PYTHON) "$$script" || exit 1; done

lock: ## write requirements.txt anew from requirements.in, exact to the last package
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH"; command -v uv > /dev/null || { \
	  echo "uv is needed to lock, and not here: $(PYTHON) -m pip install uv, then again" >&2; exit 1; }; \
	uv pip compile --quiet --universal --python-version 3.11 --no-header requirements.in --output-file requirements.txt

clean: ## remove what make made; your work and your progress stay
	@rm -rf _build $(VENV) .mypy_cache .ruff_cache .pytest_cache
	@find grader tests bench docs -name __pycache__ -type d -prune -exec rm -rf {} +

ready: $(STAMP)
	@$(GRADER) doctor --quiet --fix

# The browser tests need one; where we may not install it, they are skipped and named.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name > /dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  echo "Installing a browser for the tests" >&2; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null; fi; true

# The stamp is written last, so that an installation that was interrupted is done again.
$(STAMP): requirements.txt
	@$(PYTHON) -m pip --version > /dev/null 2>&1 || { \
	  for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then break; fi; \
	    python=; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Python 3.11 or newer is needed, and none is on PATH: install one, then make again" >&2; exit 1; fi; \
	  if ! "$$python" -c 'import ensurepip' 2> /dev/null; then \
	    echo "$$python cannot make an environment: on Debian, apt install python3-venv, then make again" >&2; exit 1; fi; \
	  "$$python" -m venv --clear $(VENV); }
	@echo "Installing the requirements into $(VENV): about a minute, once" >&2
	@$(PYTHON) -m pip install -qq --disable-pip-version-check -r requirements.txt || { \
	  echo "The requirements could not be installed: see that pip reaches its index, then make again" >&2; exit 1; }
	@touch $@
