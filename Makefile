# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two files of tests at a time; PYTEST="tests/load" runs some, one after the other.
PYTEST ?= -n 2 --dist loadfile --benchmark-disable
STAMP := $(VENV)/.installed
# Where nothing compiled is kept, each of the program's starts compiles it all again.
unexport PYTHONDONTWRITEBYTECODE
STAMP_TEST := $(VENV)/.installed-test
STAMP_VALIDATION := $(VENV)/.installed-validation
AXE := tests/e2e/node_modules/.package-lock.json
GRAFANA_TYPES := tests/grafana/node_modules/.package-lock.json

.PHONY: test-thorough catalogue languages fuzz-api live-page grafana-types dashboards axe fuzz-messages soak demo screenshots test test-radio check servers fetch-data format clean help benchmark bulk chaos fuzz workers validation rules-page

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(STAMP_TEST): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[check]'
	@touch $@ $(STAMP)

$(STAMP_VALIDATION): pyproject.toml $(STAMP_TEST)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[validation]'
	@touch $@

demo: $(STAMP)  ## a simulated squad, one run going live, the page and the alert
	$(BIN)/sensor-hub demo $(DEMO)

test: $(STAMP_TEST) servers axe grafana-types  ## the tests; installs the real servers where it may
	$(BIN)/python -m pytest -m "not thorough" $(PYTEST)

test-thorough: $(STAMP_TEST) servers axe grafana-types  ## the tests and every further case of them, properties with more examples (an hour)
	$(BIN)/python -m pytest --hypothesis-profile thorough $(PYTEST)

check: $(STAMP_TEST)  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.rules_page --check

test-radio: $(STAMP_TEST)  ## the collector on a real bluetoothd in QEMU (Debian, some ten minutes; not part of test)
	$(BIN)/python -m tests.qemu.run $(RADIO)

servers:
	@sh tests/install_servers.sh

axe: servers  ## axe-core for the browser tests, by its lock; without npm those tests say so
	@$(MAKE) --no-print-directory $(AXE)

$(AXE): tests/e2e/package-lock.json
	@if command -v npm >/dev/null 2>&1; then npm ci --silent --no-audit --no-fund --prefix tests/e2e && touch $@; \
	else echo "no npm: tests that need axe-core will be skipped"; fi

grafana-types: servers  ## Grafana's own types and a compiler for them, by their lock; without npm that test says so
	@$(MAKE) --no-print-directory $(GRAFANA_TYPES)

$(GRAFANA_TYPES): tests/grafana/package-lock.json
	@if command -v npm >/dev/null 2>&1; then npm ci --silent --no-audit --no-fund --prefix tests/grafana && touch $@; \
	else echo "no npm: the dashboards' types will not be checked"; fi

dashboards: $(STAMP_TEST)  ## the files that Grafana reads, written from dashboards/source
	$(BIN)/python -m dashboards.source

benchmark: $(STAMP_TEST)  ## timings, printed as ratios; never part of the tests
	$(BIN)/python -m pytest -s -o python_files="bench_*.py" --benchmark-only --benchmark-columns=min,median,ops tests/benchmarks

bulk: $(STAMP_TEST)  ## two thousand files at once, and again with a kill in the middle (minutes); prints its counts
	$(BIN)/python -m tests.bulk $(BULK)

soak: $(STAMP_TEST) servers  ## a hundred athletes with two pods each for half an hour, in real time; again: make soak SOAK="--minutes 2"
	$(BIN)/python -m tests.soak $(SOAK)

live-page: $(STAMP_TEST) servers  ## from a step to the pixel of an open coach page, fifty runners, twenty pages (15 min); LIVE_PAGE="--quick"
	$(BIN)/python -m tests.benchmarks.live_page $(LIVE_PAGE)

chaos: $(STAMP_TEST) servers  ## a hundred runs with ten kills each, some 20 min; CHAOS="--runs 2 --seed 7"
	$(BIN)/python -m tests.chaos $(CHAOS)

workers: $(STAMP_TEST) servers  ## three hub workers, one killed every ten seconds, against one hub alone (minutes)
	$(BIN)/python -m tests.workers $(WORKERS)

validation: $(STAMP_VALIDATION)  ## how accurate: every method on every reference, into validation/ (minutes)
	$(BIN)/python -m tests.validation $(VALIDATION)

rules-page: $(STAMP_TEST)  ## docs/rules.md and the list of tests of every row, written from the program
	$(BIN)/python -m tests.rules_page

fuzz: $(STAMP_TEST)  ## 200,000 broken payloads for every decoder; again: make fuzz FUZZ="--seed 7 --only polar"
	$(BIN)/python -m tests.fuzz.fuzz $(FUZZ)

fuzz-messages: $(STAMP_TEST)  ## 50,000 broken MQTT messages for a hub; again: make fuzz-messages FUZZ="--seed 7"
	$(BIN)/python -m tests.fuzz.messages $(FUZZ)

fuzz-api: $(STAMP_TEST)  ## hundreds of requests to every REST operation as everybody (minutes); again: make fuzz-api FUZZ_API="--only runner"
	$(BIN)/python -m tests.adapters.web.api_fuzz $(FUZZ_API)

catalogue: $(STAMP_TEST)  ## the sentences of the program into sensor_hub/locale, for translators
	$(BIN)/python catalogues.py extract

languages: $(STAMP_TEST)  ## compile the catalogues, as a wheel has them
	$(BIN)/python catalogues.py compile

screenshots: $(STAMP_TEST) servers  ## every page into docs/pictures (minutes); some: make screenshots PICTURES="coach today"
	$(BIN)/python -m tests.e2e.screenshots $(PICTURES)

fetch-data: $(STAMP_TEST)  ## download and verify the public recordings the reference tests use
	$(BIN)/python tests/reference/fetch.py

format: $(STAMP_TEST)  ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .ruff_cache .mypy_cache dist
