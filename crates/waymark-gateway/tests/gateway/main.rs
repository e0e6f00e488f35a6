//! The real program over real HTTP against a real file, one theme a module.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test that is how a failure is told; clippy.toml lets only test functions"
)]

mod admin;
mod auth;
mod authority;
mod broken_events;
mod client_ledger;
mod configuration;
mod cors;
mod crash;
mod dedupe;
mod disk_full;
mod forwarding;
mod identity;
mod live;
mod plain;
mod program;
mod rate_limit;
mod routes;
mod sdk;
mod size_limits;
mod stopping;
mod storefront;
mod upstream;
