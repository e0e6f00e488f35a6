//! Which names GA4 takes:
//! <https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference#reserved_names>.

use crate::context::shortened;

/// "Limitations": names have 40 characters at most.
const NAME_CHARS: usize = 40;

/// "Reserved event names".
pub(super) const RESERVED_EVENTS: [&str; 32] = [
    "ad_activeview",
    "ad_click",
    "ad_exposure",
    "ad_query",
    "ad_reward",
    "adunit_exposure",
    "app_background",
    "app_clear_data",
    "app_exception",
    "app_remove",
    "app_store_refund",
    "app_store_subscription_cancel",
    "app_store_subscription_convert",
    "app_store_subscription_renew",
    "app_update",
    "app_upgrade",
    "dynamic_link_app_open",
    "dynamic_link_app_update",
    "dynamic_link_first_open",
    "error",
    "firebase_campaign",
    "firebase_in_app_message_action",
    "first_open",
    "first_visit",
    "in_app_purchase",
    "notification_dismiss",
    "notification_foreground",
    "notification_open",
    "notification_receive",
    "os_update",
    "session_start",
    "user_engagement",
];

/// "Reserved parameter names": no name begins so.
const RESERVED_PREFIXES: [&str; 5] = ["_", "firebase_", "ga_", "google_", "gtag."];

/// Parameters that GA4 reads, which stay where an event has too many.
pub(super) const KNOWN_PARAMS: [&str; 21] = [
    "engagement_time_msec",
    "session_id",
    "page_location",
    "page_referrer",
    "page_title",
    "currency",
    "value",
    "items",
    "transaction_id",
    "coupon",
    "affiliation",
    "tax",
    "shipping",
    "payment_type",
    "shipping_tier",
    "item_list_id",
    "item_list_name",
    "search_term",
    "method",
    "screen_name",
    "group_id",
];

/// Letters, digits and underscores, a letter first, at most 40, and no reserved beginning.
pub(super) fn sanitised(name: &str) -> Option<String> {
    let mut text = String::new();
    for char in name.trim().chars() {
        match char {
            'a'..='z' | '0'..='9' => text.push(char),
            'A'..='Z' => text.push(char.to_ascii_lowercase()),
            _ if !text.is_empty() && !text.ends_with('_') => text.push('_'),
            _ => {}
        }
    }
    let text = text.trim_start_matches(|char: char| !char.is_ascii_lowercase());
    let text = shortened(text, NAME_CHARS).trim_end_matches('_');
    let reserved = RESERVED_PREFIXES
        .iter()
        .any(|prefix| text.starts_with(prefix));
    (!text.is_empty() && !reserved).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_what_ga4_takes() {
        assert_eq!(
            sanitised("Coupon Entered").as_deref(),
            Some("coupon_entered")
        );
        assert_eq!(sanitised("  99 Problems!! ").as_deref(), Some("problems"));
        assert_eq!(sanitised("ga_something"), None);
        assert_eq!(sanitised("\u{4f60}\u{597d}"), None);
        let long = sanitised(&"x".repeat(50)).map(|name| name.len());
        assert_eq!(long, Some(NAME_CHARS));
    }
}
