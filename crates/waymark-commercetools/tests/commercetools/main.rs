//! What messages become: golden files of every type and envelope, the vectors that
//! `waymark/commercetools` reads too, and properties of whatever else is sent.

#![expect(
    clippy::unwrap_used,
    reason = "tests fail by panicking; clippy.toml allows it only in test functions"
)]

mod envelopes;
mod golden;
mod properties;
mod vectors;
