.DEFAULT_GOAL := check
.PHONY: check clean help serve site test

PYTHON ?= python3
INSTALL ?= .venv/bin/python -m pip install --quiet
export NO_MKDOCS_2_WARNING := 1

check: .venv/ready ## Everything below: style, types, and all tests (the default)
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/pyright
	$(MAKE) test

test: .venv/ready ## Run all tests: code, pages and the built site
	.venv/bin/pytest

site: .venv/ready ## Run every program and build the site into site/
	rm -rf .cache/site
	.venv/bin/mkdocs build --site-dir .cache/site
	rm -rf site && mv .cache/site site
	@echo "The site is in site/: open site/index.html"

serve: .venv/ready ## Serve the site and follow every change
	.venv/bin/mkdocs serve

clean: ## Forget every outcome, the site and the environment
	rm -rf .cache .venv site

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(INSTALL) --constraint constraints.txt --editable '.[docs,test]'
	touch $@
