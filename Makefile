# make run starts everything, make test tests it. Python 3.11 or newer and make are all they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PERFAPP_DEMO ?= 1
export PERFAPP_DEMO

.PHONY: run test check format assets bench venv clean

run: $(VENV)/.runtime
	@exec $(BIN)/python -m perfapp.running

test: $(VENV)/.dev
	@$(BIN)/pytest --numprocesses 2 --dist loadfile $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/djlint --check --quiet perfapp/templates

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djlint --reformat --quiet perfapp/templates

# Needs node and npm. What it builds is committed, so nobody else does.
assets:
	cd frontend && npm ci --no-audit --no-fund && npm run build

# About five minutes on two cores; rewrites docs/benchmarks.md.
bench: $(VENV)/.bench
	@$(BIN)/python -m bench $(ARGS)

venv: $(VENV)/.dev

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis frontend/node_modules
	find . -name __pycache__ -prune -exec rm -rf {} +

# The stamps make a changed list of requirements an update of the environment.
$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新版本，当前是 " + sys.version.split()[0] + "：请用 make PYTHON=/path/to/python3.11 指定。")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "缺少 Python 的 venv 模块：Debian 或 Ubuntu 请先安装 python3-venv。" >&2; exit 1; }
	@echo "正在 $(VENV) 中安装运行所需的包，首次约需一分钟 …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "正在 $(VENV) 中安装测试与检查所需的包 …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.txt
	@echo "正在 $(VENV) 中安装性能比较所需的包 …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-bench.txt
	@touch $@
