//! The browser shell of Waymark: the only Rust that knows the browser. It holds no rules.
//!
//! The facade (`pkg/src`) hands each call as text to the [`engine`], which passes it to
//! `waymark-core` with the time and random bytes ([`random`]), stores what the core wants stored
//! ([`storage`]), and sends what the core wants sent (`delivery`, through [`transport`]).
//!
//! Nothing here panics or throws into the page, whatever the browser refuses: an error is a
//! value for the facade or a count in the core's ledger. "Contract" in a comment is
//! `docs/segment-contract.md`.

mod delivery;
pub mod engine;
mod global;
pub mod random;
pub mod storage;
pub mod transport;

/// A small allocator: the standard library's costs every visitor 1.7 KB (brotli) more.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
