# Second Voice: every command a person needs. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
VOICE := $(BIN)/secondvoice
UV = $(firstword $(wildcard .tools/uv/bin/uv .tools/uv-venv/bin/uv) uv)

# Further arguments for a command: make test ARGS="-k rail", make run ARGS="--help".
ARGS ?=

##@ Use it

.PHONY: setup
setup: ## Make the two Python environments, if they are not fresh
	@scripts/set-up

.PHONY: run
run: trained ## Start everything with the demo bank, and say where to open it
	@exec $(VOICE) run --demo $(ARGS)

.PHONY: shell
shell: trained ## Talk to the assistant in this terminal
	@exec $(VOICE) shell $(ARGS)

##@ Work on it

.PHONY: test
test: trained ## Run all tests: pytest (ARGS="-k word" selects), then Rasa's conversation tests
	$(BIN)/python -m pytest $(ARGS)
	$(VOICE) rasa-test

.PHONY: check
check: setup ## Lint, format, types, scam scripts, payment rails, training data
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(VOICE) scripts check
	$(VOICE) rails check
	$(VOICE) data-validate

.PHONY: train trained
train: setup ## Train the models whose sources have changed (ARGS="--force" trains all)
	@$(VOICE) train $(ARGS)

# What other commands build on; apart from `train`, because ARGS is meant for them.
trained: setup
	@$(VOICE) train

.PHONY: eval
eval: trained ## Measure recognition on labelled texts
	@$(VOICE) eval $(ARGS)

.PHONY: bench
bench: trained ## Measure checks beside spaCy's tokeniser, deliveries, turns beside Rasa's starter assistant
	@$(BIN)/python -m benchmarks.check
	@$(BIN)/python -m benchmarks.outbox
	@$(BIN)/python -m benchmarks.turn $(ARGS)

##@ Keep it

# Requirements locks and not uv.lock: they carry the digest of every file but no registry's address, so
# a bank's own mirror serves them unchanged, and any installer that reads requirements files can too.
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock"

.PHONY: lock
lock: setup ## Write both locks anew from the two pyproject.toml files (ARGS="--upgrade" for newer ones)
	$(COMPILE) $(ARGS) --python-version 3.12 --group train --group dev pyproject.toml \
		-o requirements.lock
	$(COMPILE) $(ARGS) --python-version 3.10 --overrides engine/overrides.txt engine/pyproject.toml -o engine/requirements.lock

.PHONY: clean
clean: ## Remove what set-up, training and tests made; keeps var/ (the database and the keys)
	rm -rf .venv engine/.venv .tools models .rasa results
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## "; print "Second Voice: make <command>" } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z][a-z-]*:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
