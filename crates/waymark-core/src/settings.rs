//! What the core is told when it starts.

use serde::Deserialize;

use crate::limits;

/// The settings of one client. The facade fills them from the arguments of `load` and from
/// the browser.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The key of the source at Segment or at the gateway.
    pub write_key: String,
    /// Where batches go: `https://api.segment.io/v1/b`, or the gateway's.
    pub endpoint: String,
    /// Events that wait before a batch goes without waiting for the interval.
    pub flush_at: u32,
    /// Milliseconds between two batches while events keep coming.
    pub flush_interval_ms: f64,
    /// The `integrations` of `load`, an object as JSON text.
    pub integrations: String,
    /// `context.library`, an object as JSON text.
    pub library: String,
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `navigator.userAgentData` as JSON text, or nothing where the browser has none.
    pub user_agent_data: String,
    /// `navigator.language`.
    pub locale: String,
    /// The IANA name of the time zone.
    pub timezone: String,
    /// The page's host name, for the cookies' domain.
    pub host: String,
    /// The `cookie` option.
    pub cookie: CookieSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            write_key: String::new(),
            endpoint: "https://api.segment.io/v1/b".into(),
            flush_at: limits::FLUSH_AT,
            flush_interval_ms: limits::FLUSH_INTERVAL_MS,
            integrations: "{}".into(),
            library: "{}".into(),
            user_agent: String::new(),
            user_agent_data: String::new(),
            locale: String::new(),
            timezone: String::new(),
            host: String::new(),
            cookie: CookieSettings::default(),
        }
    }
}

/// The `cookie` option of `load` (contract §a.4).
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CookieSettings {
    /// The domain; found by trying where it is not given.
    pub domain: Option<String>,
    /// Seconds until the cookies expire.
    pub max_age_s: f64,
    /// The path.
    pub path: String,
    /// The `SameSite` attribute.
    pub same_site: String,
    /// Whether the cookies are sent over https only.
    pub secure: bool,
}

impl Default for CookieSettings {
    fn default() -> Self {
        Self {
            domain: None,
            max_age_s: limits::COOKIE_MAX_AGE_S,
            path: "/".into(),
            same_site: "Lax".into(),
            secure: false,
        }
    }
}
