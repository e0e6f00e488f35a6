//! The browser shell of Waymark: the only Rust that knows the browser. It holds no rules.
//!
//! The facade (`pkg/src`) hands each call as text to the [`exports`], whose [`engine`] gives it to
//! `waymark-core` with the time and with random bytes ([`random`]), keeps what the core wants
//! kept ([`storage`]), and sends what the core wants sent (`delivery`, through [`transport`]).
//!
//! Nothing here panics or throws into the page, whatever the browser refuses; an error is
//! either a value for the facade or a count in the core's ledger.

mod delivery;
mod delivery_calls;
pub mod engine;
pub mod exports;
mod global;
pub mod random;
pub mod storage;
pub mod transport;

/// A small allocator: every shopper pays for the standard library's, 1.7 KB brotli more.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
