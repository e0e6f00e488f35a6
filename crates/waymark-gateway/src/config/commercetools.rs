//! The sources that take what commercetools sends: `kind = "commercetools"`, and
//! `[sources.commercetools]`.

use reqwest::Url;
use serde::Deserialize;
use waymark_commercetools::{EnvelopeKind, Options, OrderId, UserId};

use super::{ConfigError, KeyKind, SourceConfig};

/// How a source takes what commercetools sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommercetoolsConfig {
    /// What messages become.
    pub options: Options,
    /// The topics of Amazon SNS whose messages are taken, and whose subscriptions are confirmed.
    pub topic_arns: Vec<String>,
    /// The envelopes that are taken; all, where none is listed.
    pub envelopes: Vec<EnvelopeKind>,
    /// What stands in the place of Amazon's hosts, if something does.
    pub sns_endpoint: Option<Url>,
}

/// What kind of source it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SourceKind {
    /// Its clients speak Segment's HTTP API.
    #[default]
    Events,
    /// Besides, commercetools sends to it.
    Commercetools,
}

/// The table of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileCommercetools {
    user_id: UserId,
    order_id: OrderId,
    lower_case_email: bool,
    project_key: Option<String>,
    topic_arns: Vec<String>,
    envelopes: Vec<EnvelopeKind>,
    sns_endpoint: Option<String>,
}

impl FileCommercetools {
    /// The table's values, if the source is of the kind. `key` is the source's name in errors.
    pub(super) fn checked(
        table: Option<Self>,
        kind: SourceKind,
        key: &str,
    ) -> Result<Option<CommercetoolsConfig>, ConfigError> {
        let key = |name: &str| format!("{key}.commercetools{name}");
        match (table, kind) {
            (None, SourceKind::Events) => Ok(None),
            (Some(_), SourceKind::Events) => {
                let reason = "the source needs kind = \"commercetools\"";
                Err(ConfigError::new(key(""), reason))
            }
            (table, SourceKind::Commercetools) => {
                let table = table.unwrap_or_default();
                for arn in &table.topic_arns {
                    if !is_topic(arn) {
                        let reason = format!(
                            "`{arn}` is no topic such as arn:aws:sns:eu-central-1:123456789012:name"
                        );
                        return Err(ConfigError::new(key(".topic_arns"), reason));
                    }
                }
                let endpoint = table.sns_endpoint.map(|text| endpoint(&text)).transpose();
                Ok(Some(CommercetoolsConfig {
                    options: Options {
                        user_id: table.user_id,
                        order_id: table.order_id,
                        lower_case_email: table.lower_case_email,
                        project_key: table.project_key,
                    },
                    topic_arns: table.topic_arns,
                    envelopes: table.envelopes,
                    sns_endpoint: endpoint
                        .map_err(|reason| ConfigError::new(key(".sns_endpoint"), reason))?,
                }))
            }
        }
    }
}

/// Whether it is the name of a topic: `arn:PARTITION:sns:REGION:ACCOUNT:NAME`.
fn is_topic(arn: &str) -> bool {
    let parts: Vec<_> = arn.split(':').collect();
    matches!(parts.as_slice(), ["arn", partition, "sns", region, account, name]
        if partition.starts_with("aws") && !region.is_empty() && !account.is_empty() && !name.is_empty())
}

fn endpoint(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || url.path() != "/" || url.query().is_some() {
        return Err("must be an http or https address without a path".to_owned());
    }
    Ok(url)
}

/// Refuses a source that commercetools could not send to.
pub(super) fn check(at: usize, source: &SourceConfig) -> Result<(), ConfigError> {
    let has_key = || source.keys.iter().any(|key| key.kind == KeyKind::Server);
    if source.commercetools.is_none() || has_key() {
        return Ok(());
    }
    let reason = "commercetools sends with a key of kind \"server\": add one";
    Err(ConfigError::new(format!("sources[{at}].keys"), reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_named_in_full() {
        assert!(is_topic("arn:aws:sns:eu-central-1:123456789012:orders"));
        assert!(is_topic(
            "arn:aws-cn:sns:cn-north-1:123456789012:orders.fifo"
        ));
        for wrong in [
            "orders",
            "arn:aws:sqs:eu-central-1:1:q",
            "arn:aws:sns:::",
            "*",
        ] {
            assert!(!is_topic(wrong), "{wrong}");
        }
    }
}
