# What a person types. Each target calls a script that says how.
.DEFAULT_GOAL := help
.PHONY: help demo setup build test test-slow conformance faults soak fmt lint size bench bench-gateway faults-peers docs clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

demo: ## set up, build, and run the shop with its gateway and live view
	@scripts/demo

setup: ## install the tools that are missing
	@scripts/setup

build: ## set up, and build the wasm, the npm package, the shop and the gateway
	@scripts/setup rust node wasm
	@scripts/build

test: ## set up and run every suite once
	@scripts/test

test-slow: ## run the suites that are too slow for make test
	@scripts/test-slow

conformance: ## run every scenario with analytics-next and with Waymark, and compare
	@scripts/conformance

faults: ## run the fault suite: servers, stores and pages that fail
	@scripts/test build faults

soak: ## run two million schedules of the model test (SCHEDULES=n: another number)
	@scripts/soak

fmt: ## format Rust, TypeScript and the rest
	@scripts/fmt

lint: ## check formatting, documents, lints, types, and what crates there are
	@scripts/setup rust node wasm gates
	@scripts/lint

size: ## print the sizes a page pays for, and check them against their caps
	@scripts/size

bench: ## measure Waymark, seven peers and the floor side by side, and write the tables
	@scripts/bench

faults-peers: ## run ten faults over Waymark and seven peers, and write the table
	@scripts/faults-peers

bench-gateway: ## measure the gateway under load on this machine
	@scripts/bench-gateway

docs: ## check the links of all documents, and build docs/ as one book
	@scripts/docs

clean: ## remove what was built (the tools stay)
	@scripts/clean
