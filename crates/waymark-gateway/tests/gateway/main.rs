//! Tests the real program over HTTP with a real file, one topic a module.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking; clippy.toml allows it only in test functions"
)]

mod admin;
mod all_destinations;
mod auth;
mod authority;
mod backup;
mod broken_events;
mod calls;
mod client_ledger;
mod configuration;
mod connections;
mod cors;
mod crash;
mod dead_letters;
mod dedupe;
mod deleted_rows;
mod delivery_window;
mod destination_answers;
mod destinations;
mod disk_full;
mod erasing;
mod forward_start;
mod forwarding;
mod growth;
mod identity;
mod importing;
mod live;
mod people_commands;
mod pixel;
mod plain;
mod plan;
mod program;
mod rate_limit;
mod reloading;
mod replay;
mod retention;
mod routes;
mod sdk;
mod secrets;
mod seeing;
mod size_limits;
mod stopping;
mod storefront;
mod upstream;
mod vendor;
mod vendor_check;
