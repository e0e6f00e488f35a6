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

/// An origin as browsers write it: lower case, no default port, no path.
fn normalised(entry: &str) -> Result<String, String> {
    let wrong = || format!("`{entry}` is not an origin such as https://shop.example");
    let lower = entry.to_ascii_lowercase();
    let (scheme, rest) = lower.split_once("://").ok_or_else(wrong)?;
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if scheme.is_empty() || authority.is_empty() || authority.contains(['/', '?', '#', '@', ' ']) {
        return Err(wrong());
    }
    let authority = authority.strip_suffix(default_port).unwrap_or(authority);
    Ok(format!("{scheme}://{authority}"))
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
        for wrong in ["shop.example", "https://", "https://a/b", "https://u@a"] {
            assert!(
                AllowedOrigins::parse(&[wrong.to_owned()]).is_err(),
                "{wrong}"
            );
        }
    }
}
