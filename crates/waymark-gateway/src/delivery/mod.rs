//! Passes stored events on to Segment or an upstream like it, at its own pace: a dead upstream
//! never delays taking events.

/// All sources' forwarding.
#[derive(Debug, Clone, Default)]
pub struct Forwarding;
impl Forwarding {
    pub(crate) async fn flush(&self, _through_seq: i64) {}
}
