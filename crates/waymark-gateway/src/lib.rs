//! A self-hosted collector that speaks Segment's HTTP API, stores events durably and forwards
//! them.
//!
//! # The path of a request
//!
//! [`router`] lists all paths. Three layers wrap them, the outermost first: counting
//! (`middleware/observe`), CORS (`middleware/cors`) and the rate limit per address
//! (`middleware/rate`). `routes/collect` takes an event or a batch. With the steps of
//! `routes/intake` it has [`ingest`] read and decompress the body, finds the source by its write
//! key (`sources`), checks the page's origin and the key's rate, and has `ingest` split the body
//! into events and check each. An invalid event is set aside with its reason and never fails
//! the others.
//!
//! The valid events go to the [`store`]'s committer, the one thread that writes. It takes all
//! waiting requests into one SQLite transaction, leaves out events whose (source, messageId) is
//! stored already, and answers each request only after the commit is on disk. Then it tells the
//! open [`live`] views and, by a new total, [`delivery`], which forwards events from its own
//! durable cursor.
//!
//! # Invariants
//!
//! - 200 is answered only after the events are durable.
//! - Only the committer writes to the store.
//! - A slow or dead upstream never delays the collection of events.
//! - No body, write key or address is ever logged.
//! - Errors are mapped to HTTP statuses in [`error`] alone; limits stand in [`limits`] alone.

mod client_ledger;
pub mod config;
mod connections;
pub mod delivery;
pub mod erasing;
pub mod error;
pub use waymark_destinations::event_type;
mod gateway;
mod import;
pub mod ingest;
pub mod init;
pub use waymark_destinations::json_object;
pub mod limits;
pub mod live;
pub mod log_sums;
pub mod metrics;
mod middleware;
mod network;
pub mod operator;
mod outgoing;
mod rate_limit;
mod reload;
mod replay;
pub mod router;
mod routes;
mod server;
mod settings;
mod site;
mod sns;
mod sources;
mod state;
pub mod store;
pub mod trial;

pub use crate::gateway::{Gateway, StartError};

/// Now, in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
