//! The layers around the routes, one concern a file. `router.rs` has their order.

pub(crate) mod admin_access;
pub(crate) mod client_address;
pub(crate) mod cors;
pub(crate) mod observe;
pub(crate) mod rate;
