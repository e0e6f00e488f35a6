//! Which addresses in a post of SNS are Amazon's own. Whatever else a post names is never fetched.

use reqwest::Url;

use super::SnsError;

/// The address of a certificate.
///
/// # Errors
/// When it is not one of SNS.
pub(super) fn certificate_address(text: &str, endpoint: Option<&Url>) -> Result<Url, SnsError> {
    let url = own(text, endpoint)?;
    if url.query().is_some() || url.fragment().is_some() || !url.path().ends_with(".pem") {
        return Err(SnsError::Address);
    }
    Ok(url)
}

/// The address that confirms a subscription.
///
/// # Errors
/// When it is not one of SNS, or does anything else.
pub(super) fn confirmation_address(text: &str, endpoint: Option<&Url>) -> Result<Url, SnsError> {
    let url = own(text, endpoint)?;
    let mut actions = url.query_pairs().filter(|(name, _)| name == "Action");
    match (actions.next(), actions.next()) {
        (Some((_, action)), None) if action == "ConfirmSubscription" => Ok(url),
        _ => Err(SnsError::Address),
    }
}

/// An address on a host of SNS, by TLS: `sns.REGION.amazonaws.com`, in China with `.cn`. Where the
/// configuration names an endpoint, that one alone.
fn own(text: &str, endpoint: Option<&Url>) -> Result<Url, SnsError> {
    let url = Url::parse(text).map_err(|_| SnsError::Address)?;
    let is_own = match endpoint {
        Some(endpoint) => url.origin() == endpoint.origin(),
        None => url.scheme() == "https" && url.port().is_none() && is_host(&url),
    };
    let is_plain = url.username().is_empty() && url.password().is_none();
    if is_own && is_plain {
        Ok(url)
    } else {
        Err(SnsError::Address)
    }
}

fn is_host(url: &Url) -> bool {
    let Some(rest) = url.host_str().and_then(|host| host.strip_prefix("sns.")) else {
        return false;
    };
    let rest = rest.strip_suffix(".cn").unwrap_or(rest);
    rest.strip_suffix(".amazonaws.com").is_some_and(|region| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        // `sns.s3-eu-west-1.amazonaws.com` is somebody's bucket.
        region.len() >= 3 && !region.starts_with("s3") && region.bytes().all(plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";

    #[test]
    fn certificates_come_from_amazons_hosts_by_tls() {
        for host in [
            "sns.eu-central-1.amazonaws.com",
            "sns.us-gov-west-1.amazonaws.com",
            "sns.cn-north-1.amazonaws.com.cn",
        ] {
            let url = format!("https://{host}/{NAME}");
            assert!(certificate_address(&url, None).is_ok(), "{url}");
        }
        for url in [
            format!("http://sns.eu-central-1.amazonaws.com/{NAME}"),
            format!("https://sns.eu-central-1.amazonaws.com:8443/{NAME}"),
            format!("https://u:p@sns.eu-central-1.amazonaws.com/{NAME}"),
            format!("https://sns.eu-central-1.amazonaws.com.evil.example/{NAME}"),
            format!("https://sns.eu-central-1.amazonaws.com@evil.example/{NAME}"),
            format!("https://evil.example/sns.eu-central-1.amazonaws.com/{NAME}"),
            format!("https://sns.evil.s3.amazonaws.com/{NAME}"),
            format!("https://sns.s3-eu-west-1.amazonaws.com/{NAME}"),
            format!("https://sns.s3-accelerate.amazonaws.com/{NAME}"),
            format!("https://sns.amazonaws.com/{NAME}"),
            format!("https://sns-x.eu-central-1.amazonaws.com/{NAME}"),
            format!("https://s3.eu-central-1.amazonaws.com/{NAME}"),
            "https://sns.eu-central-1.amazonaws.com/?x=.pem".to_owned(),
            "https://sns.eu-central-1.amazonaws.com/x".to_owned(),
            "file:///etc/passwd.pem".to_owned(),
            String::new(),
        ] {
            assert_eq!(
                certificate_address(&url, None),
                Err(SnsError::Address),
                "{url}"
            );
        }
    }

    #[test]
    fn only_a_confirmation_is_fetched() {
        let host = "https://sns.eu-central-1.amazonaws.com/";
        let right = format!("{host}?Action=ConfirmSubscription&TopicArn=arn&Token=t");
        assert!(confirmation_address(&right, None).is_ok());
        for query in [
            "",
            "?Action=DeleteTopic",
            "?Action=ConfirmSubscription&Action=DeleteTopic",
        ] {
            let url = format!("{host}{query}");
            assert_eq!(
                confirmation_address(&url, None),
                Err(SnsError::Address),
                "{url}"
            );
        }
    }

    #[test]
    fn an_endpoint_stands_in_the_place_of_amazons_hosts() {
        let endpoint = Url::parse("http://127.0.0.1:4566").unwrap();
        let of = |url: &str| certificate_address(url, Some(&endpoint)).is_ok();
        assert!(of("http://127.0.0.1:4566/cert.pem"));
        assert!(!of("http://127.0.0.1:4567/cert.pem"));
        assert!(!of("https://sns.eu-central-1.amazonaws.com/cert.pem"));
    }
}
