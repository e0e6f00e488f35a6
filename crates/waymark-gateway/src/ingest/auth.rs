//! The write key of the `Authorization` header. It wins over one in the body or the query.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use http::{HeaderMap, header};

/// The write key of the `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AuthorizationKey {
    /// There is no header, or one of a scheme without a write key, such as Bearer.
    Absent,
    /// The Basic user name; the colon after it may be missing.
    Key(String),
    /// A Basic header that cannot be decoded: the request has no valid key.
    Unreadable,
}

/// Reads the `Authorization` header.
pub(crate) fn authorization_key(headers: &HeaderMap) -> AuthorizationKey {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return AuthorizationKey::Absent;
    };
    let Ok(text) = value.to_str() else {
        return AuthorizationKey::Unreadable;
    };
    let Some((scheme, encoded)) = text.trim().split_once(' ') else {
        return AuthorizationKey::Absent;
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return AuthorizationKey::Absent;
    }
    let encoded = encoded.trim();
    let decoded = STANDARD
        .decode(encoded)
        .or_else(|_| STANDARD_NO_PAD.decode(encoded));
    match decoded.map(String::from_utf8) {
        Ok(Ok(pair)) => {
            let user = pair.split(':').next().unwrap_or_default();
            AuthorizationKey::Key(user.to_owned())
        }
        _ => AuthorizationKey::Unreadable,
    }
}

/// The token of a Bearer header, where a route takes it for a write key.
pub(crate) fn bearer_key(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> AuthorizationKey {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().expect("a header"));
        authorization_key(&headers)
    }

    #[test]
    fn a_basic_user_name_is_the_key() {
        for value in ["Basic a2V5Og==", "basic a2V5", "Basic a2V5Og"] {
            assert_eq!(
                read(value),
                AuthorizationKey::Key("key".to_owned()),
                "{value}"
            );
        }
        assert_eq!(read("Bearer abc"), AuthorizationKey::Absent);
        assert_eq!(read("Basic %%%"), AuthorizationKey::Unreadable);
    }
}
