# Every target brings what it needs; a second run costs nothing.

SHELL := bash
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
READY := .venv/.ready
WORKERS ?= 2

# What only the system has, as package:command or package:file.
SYSTEM := \
	chromium:chromium \
	poppler-utils:pdftoppm \
	fonts-noto-core:/usr/share/fonts/truetype/noto/NotoSansHebrew-Regular.ttf \
	golang-go:go \
	golang-golang-x-mod-dev:/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go \
	spin:spin \
	gcc:gcc \
	libc6-dev:/usr/include/stdlib.h \
	'postgresql:/usr/lib/postgresql/*/bin/pg_ctl'

.PHONY: help setup rehearse test check soak soak-postgres bench peers fmt lock clean
.PHONY: check-format check-lint check-types check-imports check-packages

help:
	@echo "make setup     .venv with everything in requirements.lock"
	@echo "make rehearse  play examples/istanbul-2025 into out/istanbul-2025"
	@echo "make test      the tests (also brings Chromium, Go, spin, PostgreSQL and more on Debian)"
	@echo "make check     format, lint, types, import directions, declared packages"
	@echo "make soak      the long tests"
	@echo "make soak-postgres  the offices' tests, all of them on PostgreSQL"
	@echo "make bench     the measurements in bench/, or one: make bench ONLY=NAME"
	@echo "make peers     .venv-peers, the tools that measurements are held against"
	@echo "make fmt       format and mend what can be mended by itself"
	@echo "make lock      rewrite requirements.lock from pyproject.toml"
	@echo "make clean     remove results and caches, keep .venv"

setup: $(READY)

$(READY): requirements.lock pyproject.toml tools/setup.sh
	@bash tools/setup.sh

rehearse: $(READY)
	@$(BIN)/homeward rehearse examples/istanbul-2025 --out out/istanbul-2025

test: $(READY)
	@bash tools/need-system.sh $(SYSTEM)
	@$(BIN)/pytest -q -n $(WORKERS)

# All five are run, so that one round shows everything.
check: $(READY)
	@$(MAKE) -k check-format check-lint check-types check-imports check-packages

check-format: $(READY)
	@$(BIN)/ruff format --check --quiet || { echo "ruff format: run 'make fmt'"; exit 1; }

check-lint: $(READY)
	@$(BIN)/ruff check --quiet

check-types: $(READY)
	@$(BIN)/mypy

check-imports: $(READY)
	@$(BIN)/lint-imports --no-logo

check-packages: $(READY)
	@$(BIN)/deptry --no-ansi src

soak: $(READY)
	@bash tools/need-system.sh $(SYSTEM)
	@$(BIN)/pytest -q -m soak

soak-postgres: $(READY)
	@bash tools/need-system.sh $(SYSTEM)
	@TEST_DATABASE=postgresql $(BIN)/pytest -q -n $(WORKERS) -m "soak or not soak" tests/office tests/office_pages

bench: $(READY)
	@$(BIN)/python -m bench.run $(ONLY)

# What the measurements are held against is kept apart: it asks for other versions than ours.
peers: .venv-peers/.ready

.venv-peers/.ready: requirements-peers.lock
	@bash tools/need-system.sh libicu-dev:/usr/include/unicode/uversion.h pkg-config:pkg-config g++:g++
	@"$$(bash tools/find-python.sh)" -m venv .venv-peers
	@.venv-peers/bin/python -m pip install -qq --require-hashes -r requirements-peers.lock
	@touch $@

fmt: $(READY)
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

lock:
	@bash tools/lock.sh

clean:
	@rm -rf out build dist .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
