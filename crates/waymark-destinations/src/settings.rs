//! The configuration of a destination, and the destination that it makes.

use crate::destination::Destination;
use crate::secret::Secret;
use crate::vendors::{
    amplitude, ga4, heap, klaviyo, meta, mixpanel, posthog, segment, tiktok, webhook,
};

/// A mistake in the configuration of a destination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct SettingsError {
    /// The key that is wrong.
    pub key: &'static str,
    /// The mistake, and how to mend it.
    pub reason: String,
}

impl SettingsError {
    pub(crate) fn new(key: &'static str, reason: impl Into<String>) -> Self {
        Self {
            key,
            reason: reason.into(),
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $module:ident;)*) => {
        /// The configuration of a destination, by its `kind`.
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
        #[serde(tag = "kind")]
        pub enum Settings {
            $($(#[$doc])* #[serde(rename = $name)] $variant($module::Settings),)*
        }

        impl Settings {
            /// All kinds.
            pub const KINDS: &'static [&'static str] = &[$($name,)*];

            /// The name of its kind.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// The destination.
            ///
            /// # Errors
            /// When a value cannot work.
            pub fn destination(&self) -> Result<Box<dyn Destination>, SettingsError> {
                match self {
                    $(Self::$variant(settings) => {
                        Ok(Box::new($module::Vendor::new(settings.clone())?))
                    })*
                }
            }

            /// Hides all credentials, so that the destination's requests can be shown.
            pub fn hide_secrets(&mut self) {
                match self {
                    $(Self::$variant(settings) => settings.hide_secrets(),)*
                }
            }
        }
    };
}

kinds! {
    /// Segment, or what speaks its API.
    Segment = "segment", segment;
    /// Any server, by signed requests.
    Webhook = "webhook", webhook;
    /// PostHog.
    Posthog = "posthog", posthog;
    /// Mixpanel.
    Mixpanel = "mixpanel", mixpanel;
    /// Amplitude.
    Amplitude = "amplitude", amplitude;
    /// Google Analytics 4, by its Measurement Protocol.
    Ga4 = "ga4", ga4;
    /// Meta's Conversions API.
    Meta = "meta", meta;
    /// Klaviyo.
    Klaviyo = "klaviyo", klaviyo;
    /// TikTok's Events API.
    Tiktok = "tiktok", tiktok;
    /// Heap.
    Heap = "heap", heap;
}

/// The settings of Segment, or of what speaks its API.
#[must_use]
pub fn segment(upstream: String, write_key: Secret) -> Settings {
    Settings::Segment(segment::Settings {
        upstream,
        write_key,
    })
}

/// An address that events are sent to: http or https, without a query and without a slash at the
/// end.
pub(crate) fn base_url(key: &'static str, url: &str) -> Result<String, SettingsError> {
    let url = url.trim_end_matches('/');
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_plain = |rest: &str| {
        !rest.is_empty() && !rest.starts_with(['/', ':']) && !rest.contains(['?', '#', ' ', '@'])
    };
    if rest.is_some_and(is_plain) {
        Ok(url.to_owned())
    } else {
        let reason = "must be an http or https address without a query";
        Err(SettingsError::new(key, reason))
    }
}

/// A credential that must be there.
pub(crate) fn required(key: &'static str, is_empty: bool) -> Result<(), SettingsError> {
    if is_empty {
        return Err(SettingsError::new(key, "must not be empty"));
    }
    Ok(())
}
