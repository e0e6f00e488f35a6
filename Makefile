# The commands of the repository; each calls a script.
.DEFAULT_GOAL := help
.PHONY: help demo setup build test test-slow conformance faults soak fmt lint size bench bench-gateway faults-peers any-page docs clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

demo: ## build and run the shop with its gateway and live view
	@scripts/demo

setup: ## install missing tools
	@scripts/setup

build: ## build the wasm, the npm package, the shop and the gateway
	@scripts/setup rust node wasm
	@scripts/build

test: ## run all suites but the slow ones
	@scripts/test

test-slow: ## run the slow suites
	@scripts/test-slow

conformance: ## run every scenario with Waymark and with Segment's client, and compare
	@scripts/conformance

faults: ## test with servers, stores and pages that fail
	@scripts/test build faults

soak: ## run the core's model test over two million schedules, or SCHEDULES=n
	@scripts/soak

fmt: ## format all code and documents
	@scripts/fmt

lint: ## check formatting, lints, types, links and dependencies
	@scripts/setup rust node wasm gates
	@scripts/lint

size: ## print what a page downloads, and check it against its caps
	@scripts/size

bench: ## measure Waymark beside seven peers, and write the tables
	@scripts/bench

faults-peers: ## run ten faults with Waymark and seven peers, and write the table
	@scripts/faults-peers

any-page: ## open pages that are not clean with Waymark and seven peers, and write the table
	@scripts/any-page

bench-gateway: ## measure the gateway under load
	@scripts/bench-gateway

docs: ## check the links of all documents, and build docs/ as one book
	@scripts/docs

clean: ## remove build output, but no tools
	@scripts/clean
