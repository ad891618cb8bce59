# The two commands that matter are `make lab` and `make test`; `make help` lists the others.
# Everything is installed into .venv, at the versions that requirements.lock names.

PYTHON ?=
OTHER_PYTHON ?=
DRAWS ?= 20
LAB_FLAGS ?=
HUB_FLAGS ?=
COURSE ?= my_course
HUB ?= my_hub
PYTEST_FLAGS ?=
LESSONS ?=
BENCHMARKS ?=

PY := .venv/bin/python
# A stamp is valid for these versions in this folder: a pull that changes them installs again.
KEY := $(shell (pwd; cat pyproject.toml requirements.lock) | cksum | cut -d ' ' -f 1)
LAB := .venv/lab-$(KEY)
TEST := .venv/test-$(KEY)
SITE := .venv/site-$(KEY)
# Some machines ask Python to keep no bytecode: each kernel and each server that the lessons and the
# tests start would then compile all packages anew, which takes longer than most of what it does.
export PYTHONDONTWRITEBYTECODE :=
# Where the Python behind .venv has gone (an upgrade of the system), all of it is made again.
$(shell test -x $(PY) || rm -f .venv/lab-* .venv/test-* .venv/site-*)

LOCKED = lab test site hub cuda12 cuda13
# Two workers, a file at a time. The lessons come first, which take longest: a long file that one
# worker begins last is waited for by the other.
TWO = -n 2 --dist loadscope --no-loadscope-reorder
UNIT = $(TWO) -m "not browser and not graders and not hub and not site"
# One BLAS thread for each of the two workers: more would fight over the cores.
RUN_TESTS = OPENBLAS_NUM_THREADS=1 $(PY) -m pytest $(PYTEST_FLAGS)
# In another environment; where there is none, what is missing has been said.
UNIT_THERE = test -z "$$python" || { "$$python" --version; $(RUN_TESTS:$(PY)="$$python") $(UNIT); }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help lab test unit newest oldest vision hub hub-test hub-measure standin browser notebooks digits solutions teaching graders minutes site site-test buttons lint bench bench-peers doctor lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

lab: $(LAB) ## open the course in JupyterLab (LAB_FLAGS=--no-browser prints its address)
	@$(PY) -m teachkit.course notebooks $(COURSE)
	@echo "Opening the course in JupyterLab. Control-C here ends it; your work is in $(COURSE)."
	@# The server asks for no news and no updates: the course needs no network. It saves pictures
	@# in the place of live widgets, which would be dead when the lesson is opened again.
	@$(PY) -m jupyterlab --ServerApp.root_dir=$(COURSE) \
		--LabApp.default_url=/lab/tree/00_start_here.ipynb \
		--ContentsManager.pre_save_hook=teachkit.course.drop_views \
		--LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
		$$(test "$$(id -u)" -ne 0 || echo --allow-root) $(LAB_FLAGS)

test: unit browser ## run every test: units, properties, notebooks, browsers

unit: $(TEST) ## run every test but those in a browser
	$(RUN_TESTS) $(UNIT)

newest: $(TEST) ## run `make unit` on the newest other Python that is found
	@python=$$($(PY) -m tests.environments newest $(OTHER_PYTHON)) || exit 1; $(UNIT_THERE)

oldest: $(TEST) ## run `make unit` with the oldest versions that pyproject.toml allows
	@python=$$($(PY) -m tests.environments oldest) || exit 1; $(UNIT_THERE)

vision: $(TEST) ## run the tests of the extra `vision`, which brings PyTorch (some GB)
	@python=$$($(PY) -m tests.environments vision) || exit 1; \
	OPENBLAS_NUM_THREADS=1 "$$python" -m pytest $(PYTEST_FLAGS) tests/vision

hub: $(LAB) ## try a class on this machine: JupyterHub, for any name (HUB_FLAGS like LAB_FLAGS)
	@python=$$($(PY) -m tests.environments hub) || exit 1; \
	echo "Log in with any name and no password. Control-C here ends it; all work is in $(HUB)."; \
	TEACHKIT_HUB="$(HUB)" exec "$$python" -m jupyterhub --config teaching/hub/jupyterhub_config.py \
		--JupyterHub.cleanup_servers=True $(HUB_FLAGS)

hub-test: $(TEST) ## run the tests of the hub: three learners, restarts, limits
	@$(PY) -m tests.environments hub
	$(RUN_TESTS) -m hub tests/hub

hub-measure: $(TEST) ## measure thirty learners on one hub, and write the table of its README
	@$(PY) -m tests.environments hub
	$(PY) -m teaching.hub.measure

standin: $(TEST) ## run the lessons on a stand-in for CuPy, which refuses what a GPU refuses
	PYTHONPATH="$(CURDIR)/tests/cupy_stand_in" TEACHKIT_BACKEND=cupy \
		$(RUN_TESTS) $(TWO) notebooks

browser: $(TEST) ## run the tests in a browser (after the others: they need the processor to themselves)
	$(RUN_TESTS) -m browser tests/browser

notebooks: $(TEST) ## run the lessons and refresh their outputs (LESSONS="00 07" for some of them)
	$(PY) -m tests.notebooks.execute $(LESSONS)

digits: $(TEST) ## do the lessons print the same on every machine that can be tried? (LESSONS="06")
	@# Kernels of BLAS, levels of SIMD, threads, other Pythons, and rounding drawn anew DRAWS times.
	OTHER_PYTHON=$(OTHER_PYTHON) DRAWS=$(DRAWS) $(PY) -m tests.notebooks.digits $(LESSONS)

teaching: $(TEST) ## refresh in the notes for teachers what the room will get wrong
	@$(PY) -m tests.notebooks.teaching

graders: $(TEST) ## run the tests with otter-grader and nbgrader, in an environment of their own
	@python=$$($(PY) -m tests.environments graders) || exit 1; \
	OPENBLAS_NUM_THREADS=1 "$$python" -m pytest $(PYTEST_FLAGS) $(TWO) -m graders tests/graders

solutions: $(LAB) ## write the solved lessons into teaching/solutions, for whoever teaches
	@$(PY) -m teachkit.solutions

minutes: $(TEST) ## how long the lessons and their parts take, by the rule that they state it by
	@$(PY) -m tests.notebooks.minutes

site: $(SITE) ## make pages of all lessons in build/site, to be read without a network (needs npm)
	@$(PY) site/assemble.py

site-test: $(TEST) site ## build the site and test it: links, texts of pictures, headings, axe, offline
	$(RUN_TESTS) -m site tests/site

buttons: $(SITE) ## write README's buttons for Binder, Colab and Codespaces anew
	@$(PY) site/launch.py readme

lint: $(TEST) ## ruff, mypy and the import rule
	$(PY) -m ruff check .
	$(PY) -m mypy
	@# import-linter has no `-m`: this is its command, found wherever .venv was made.
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-cache

bench: $(TEST) ## time what the lessons claim to be fast (BENCHMARKS="hvp newton" for some of it)
	@# One BLAS thread, so that a ratio compares two methods and not two thread counts.
	OPENBLAS_NUM_THREADS=1 $(PY) -m benchmarks $(BENCHMARKS)

bench-peers: $(TEST) ## install the libraries that we are compared with (PyTorch, some GB), and compare
	$(PY) -m venv build/peers
	build/peers/bin/python -m pip install --quiet "pydvl[influence]" captum pyinfluence
	OPENBLAS_NUM_THREADS=1 $(PY) -m benchmarks peers

doctor: $(LAB) ## say what is installed, what is missing, and what to do
	$(PY) -m teachkit.doctor

lock: $(TEST) ## choose the newest versions that pyproject.toml allows
	@# Names, versions and markers only: where packages come from is the machine's affair.
	@# PyTorch stays out of it: which build fits, and from where, is the machine's affair too.
	$(PY) -m uv pip compile pyproject.toml $(LOCKED:%=--extra %) --universal --python-version 3.11 --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet \
		--output-file requirements.lock

clean: ## remove what can be made again (never my_course)
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find teachkit tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up -------------------------------------------------------------------------------------

$(LAB): EXTRAS = lab
$(TEST): EXTRAS = lab,test
$(SITE): EXTRAS = lab,site
$(LAB) $(TEST) $(SITE):
	@$(MAKE_VENV)
	@$(INSTALL)
	@# What was installed for other versions is so no longer; all have what `lab` has.
	@rm -f $(filter-out $(LAB) $(TEST) $(SITE),$(wildcard .venv/lab-* .venv/test-* .venv/site-*))
	@touch $@ $(LAB)

define FIND_PYTHON
python=; for name in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14 python); do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then python=$$name; break; fi; \
done
endef

define MAKE_VENV
if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	$(FIND_PYTHON); \
	if [ -z "$$python" ]; then \
		echo "teachkit needs Python 3.11 or newer; $(or $(PYTHON),python3) is" \
			"$$($(or $(PYTHON),python3) --version 2>/dev/null || echo 'not there')." \
			"Install a newer one, or name one that is there: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$("$$python" --version) cannot make a virtual environment here." \
			"On Debian and Ubuntu: apt install python3-venv. Then run this again."; \
		exit 1; \
	fi; \
	echo "Making .venv with $$("$$python" --version)."; \
	"$$python" -m venv --clear .venv || { rm -rf .venv; exit 1; }; \
fi
endef

define INSTALL
echo "Installing teachkit[$(EXTRAS)] and what it needs into .venv."; \
with='--quiet --constraint requirements.lock --editable .[$(EXTRAS)]'; \
if $(PY) -m pip install --quiet --disable-pip-version-check uv \
	&& $(PY) -m uv pip install --python $(PY) $$with; then :; \
else \
	echo "uv did not manage; pip does the same more slowly."; \
	$(PY) -m pip install --disable-pip-version-check $$with; \
fi
endef
