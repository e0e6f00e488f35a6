//! Every vendor with every call type and every event of ecommerce.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking; clippy.toml allows it only in test functions"
)]

mod answers;
mod golden;
mod properties;
mod samples;
mod table;
