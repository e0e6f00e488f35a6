//! The pages that may send to a source.

/// The origins a source takes events from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// All pages.
    Any,
    /// The pages of these origins, each as a browser writes it (`https://shop.example`).
    Listed(Vec<String>),
}

impl AllowedOrigins {
    /// Reads the list of the configuration; `*` stands for all.
    ///
    /// # Errors
    /// A message, when an entry is not an origin.
    pub fn parse(entries: &[String]) -> Result<Self, String> {
        if entries.iter().any(|entry| entry == "*") {
            return Ok(Self::Any);
        }
        entries
            .iter()
            .map(|entry| normalised(entry))
            .collect::<Result<_, _>>()
            .map(Self::Listed)
    }

    /// Whether a page of this origin may send. `origin` is the header's value.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(origins) => origins.iter().any(|listed| listed == origin),
        }
    }

    /// Whether the list names this exact origin; `*` names none.
    #[must_use]
    pub fn lists(&self, origin: &str) -> bool {
        matches!(self, Self::Listed(_)) && self.allows(origin)
    }
}

/// An origin as browsers write it: lower case, names in Punycode, no default port, no path.
fn normalised(entry: &str) -> Result<String, String> {
    let wrong = || format!("`{entry}` is not an origin such as https://shop.example");
    if entry.contains('*') {
        return Err(format!(
            "`{entry}` has a wildcard, which is not supported: list each origin, or only `*`"
        ));
    }
    let (scheme, rest) = entry.trim().split_once("://").ok_or_else(wrong)?;
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.is_empty() || authority.contains(['/', '\\', '?', '#', '@', ' ']) {
        return Err(wrong());
    }
    let url = reqwest::Url::parse(&format!("{scheme}://{authority}"))
        .map_err(|error| format!("`{entry}` is not an origin: {error}"))?;
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(wrong)?;
    if host.ends_with('.') {
        return Err(format!("`{entry}` must not end with a dot"));
    }
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    Ok(format!("{}://{host}{port}", url.scheme()))
}

#[cfg(test)]
mod tests {
    use super::AllowedOrigins;

    #[test]
    fn origins_are_compared_as_browsers_write_them() {
        let origins = AllowedOrigins::parse(&["HTTPS://Shop.example:443/".to_owned()]);
        let origins = origins.expect("an origin");
        assert!(origins.allows("https://shop.example"));
        assert!(!origins.allows("http://shop.example"));
        assert!(!origins.allows("https://shop.example.evil"));
        assert!(!origins.allows("null"));
    }

    #[test]
    fn an_entry_that_is_not_an_origin_is_refused() {
        for wrong in [
            "shop.example",
            "https://",
            "https://a/b",
            "https://u@a",
            "https://*.shop.example",
            "https://shop.*",
            "https://shop.example.",
            "https://shop.example:99999",
            "https://shop.example:x",
            "https://sh op.example",
        ] {
            assert!(
                AllowedOrigins::parse(&[wrong.to_owned()]).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn an_origin_is_turned_into_what_browsers_send() {
        for (entry, sent) in [
            (
                "https://b\u{fc}cher.example",
                "https://xn--bcher-kva.example",
            ),
            (
                "https://B\u{dc}CHER.example:8443/",
                "https://xn--bcher-kva.example:8443",
            ),
            ("http://shop.example:80", "http://shop.example"),
            ("http://[::1]:5173", "http://[::1]:5173"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
        ] {
            let origins = AllowedOrigins::parse(&[entry.to_owned()]).expect("an origin");
            assert!(origins.allows(sent), "{entry}: {origins:?}");
        }
    }
}
