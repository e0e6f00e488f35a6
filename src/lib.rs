//! The browser shell of Waymark: the core for JavaScript. It holds no rules.
//!
//! The facade (`pkg/src`) hands each call as text to the [`engine`], which passes it to
//! `waymark-core` with the time and random ids, stores what the core wants stored
//! ([`storage`]), and has sent what the core wants sent (`delivery`). The browser does all that by
//! the functions of [`browser`].
//!
//! Nothing here panics or throws into the page, whatever the browser refuses: an error is a
//! value for the facade or a count in the core's ledger. "Contract" in a comment is
//! `docs/segment-contract.md`.

pub mod browser;
mod delivery;
pub mod engine;
pub mod storage;

/// A small allocator: the standard library's costs every visitor 1.7 KB (brotli) more.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
