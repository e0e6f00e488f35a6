//! What Amazon SNS posts to an HTTPS subscription: the fields, and the text that it signs
//! (Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"). The gateway
//! checks the signature.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::json::{Object, parse};
use crate::refusal::Refusal;

/// What a post of SNS is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnsKind {
    /// It carries a message.
    Notification,
    /// It asks whether the subscription is wanted.
    SubscriptionConfirmation,
    /// It says that the subscription has ended.
    UnsubscribeConfirmation,
}

/// A post of SNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnsMessage {
    /// What it is for.
    pub kind: SnsKind,
    /// The topic.
    pub topic_arn: String,
    /// The address to fetch to confirm a subscription.
    pub subscribe_url: Option<String>,
    /// Where the certificate of its signature is.
    pub certificate_url: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// The version of the signature: 1 is SHA-1 with RSA, 2 is SHA-256 with RSA.
    pub signature_version: u8,
    message: String,
    message_id: String,
    subject: Option<String>,
    timestamp: String,
    token: Option<String>,
}

impl SnsMessage {
    /// Reads a post, if the object is one.
    ///
    /// # Errors
    /// When it is one of SNS, and something is missing.
    pub(crate) fn read(object: &Object) -> Option<Result<Self, Refusal>> {
        let kind = match object.get("Type")?.as_str()? {
            "Notification" => SnsKind::Notification,
            "SubscriptionConfirmation" => SnsKind::SubscriptionConfirmation,
            "UnsubscribeConfirmation" => SnsKind::UnsubscribeConfirmation,
            _ => return None,
        };
        object.get("TopicArn")?;
        Some(Self::of_kind(kind, object).ok_or_else(|| {
            Refusal::new(
                "invalid_sns",
                "the message of SNS lacks a field, or has no signature",
            )
        }))
    }

    fn of_kind(kind: SnsKind, object: &Object) -> Option<Self> {
        // As it is written: all of it is signed.
        let field = |name: &str| object.get(name)?.as_str().map(str::to_owned);
        Some(Self {
            kind,
            topic_arn: field("TopicArn")?,
            subscribe_url: field("SubscribeURL"),
            certificate_url: field("SigningCertURL")?,
            signature: STANDARD.decode(field("Signature")?).ok()?,
            signature_version: match field("SignatureVersion")?.as_str() {
                "1" => 1,
                "2" => 2,
                _ => return None,
            },
            message: field("Message")?,
            message_id: field("MessageId")?,
            subject: field("Subject"),
            timestamp: field("Timestamp")?,
            token: field("Token"),
        })
    }

    /// The text that is signed: names and values of the fields of its kind, a line each.
    #[must_use]
    pub fn signed_text(&self) -> String {
        let is_notification = self.kind == SnsKind::Notification;
        let only = |of: bool, value: &Option<String>| value.clone().filter(|_| of);
        let kind = match self.kind {
            SnsKind::Notification => "Notification",
            SnsKind::SubscriptionConfirmation => "SubscriptionConfirmation",
            SnsKind::UnsubscribeConfirmation => "UnsubscribeConfirmation",
        };
        let fields = [
            ("Message", Some(self.message.clone())),
            ("MessageId", Some(self.message_id.clone())),
            ("Subject", only(is_notification, &self.subject)),
            ("SubscribeURL", only(!is_notification, &self.subscribe_url)),
            ("Timestamp", Some(self.timestamp.clone())),
            ("Token", only(!is_notification, &self.token)),
            ("TopicArn", Some(self.topic_arn.clone())),
            ("Type", Some(kind.to_owned())),
        ];
        let mut text = String::new();
        for (name, value) in fields {
            if let Some(value) = value {
                // Writing into a String cannot fail.
                let _ = writeln!(text, "{name}\n{value}");
            }
        }
        text
    }

    /// The message that it carries.
    ///
    /// # Errors
    /// When that is no JSON object.
    pub fn content(&self) -> Result<Object, Refusal> {
        parse(&self.message).ok_or_else(|| {
            Refusal::new(
                "invalid_message",
                "the message of SNS carries no JSON object",
            )
        })
    }
}
