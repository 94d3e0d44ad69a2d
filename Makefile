# Two commands: `make report` and `make test`. Both make the environment by themselves, once.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: report test check lint types layers lint-sql golden dictionary clean help

help:
	@echo "make report   演示机构 2023 年的报告，从来源系统到成品（out/demo/2023）"
	@echo "make test     全部检查和测试"
	@echo "make check    格式、规范、类型、分层"
	@echo "make golden   重写对照用的成品数字（改动要在差异中逐项看过）"
	@echo "make dictionary  由目录重新生成 docs/dictionary.md"

report: $(STAMP)
	@$(BIN)/yearbook demo
	@$(BIN)/yearbook run demo 2023
	@$(BIN)/yearbook approve demo 2023 "$$($(BIN)/yearbook review demo 2023 --code)" --name 演示审核人

test: check
	$(BIN)/python -m pytest -n 3 --dist loadfile $(PYTEST)

# side by side: together they take half the time
check: $(STAMP)
	@$(MAKE) --no-print-directory -j 2 lint-sql types lint layers

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

lint-sql:
	$(BIN)/sqlfluff lint --disable-progress-bar sql

golden: $(STAMP)
	$(BIN)/python -m pytest tests/flows/test_golden.py --rewrite-golden -q

dictionary: $(STAMP)
	$(BIN)/yearbook dictionary > docs/dictionary.md.new
	mv docs/dictionary.md.new docs/dictionary.md

# The lock holds every package with its hash, so nothing is resolved and nothing else can be installed.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit('需要 Python 3.11 以上，现在是 ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

clean:
	rm -rf out var/demo
