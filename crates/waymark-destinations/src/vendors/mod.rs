//! One file a vendor: its settings, its mapping, its requests, its answers.

pub(crate) mod amplitude;
pub(crate) mod ga4;
pub(crate) mod heap;
pub(crate) mod klaviyo;
pub(crate) mod meta;
pub(crate) mod mixpanel;
pub(crate) mod posthog;
pub(crate) mod segment;
pub(crate) mod tiktok;
pub(crate) mod webhook;
