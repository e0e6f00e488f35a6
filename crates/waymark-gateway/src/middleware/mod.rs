//! What stands around the routes, one concern a file. The order is in `router.rs`.

pub(crate) mod admin_access;
pub(crate) mod cors;
pub(crate) mod peer;
pub(crate) mod rate;
pub(crate) mod record;
