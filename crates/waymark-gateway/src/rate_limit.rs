//! Limits the requests a second, per write key and per client address.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::LimitsConfig;
use crate::error::ApiError;
use crate::network::network_of;

/// Both limits.
#[derive(Debug)]
pub(crate) struct RateLimits {
    by_key: DefaultKeyedRateLimiter<u64>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl RateLimits {
    /// The configured limits. A burst may be as large as one second's worth.
    pub(crate) fn new(limits: LimitsConfig) -> Self {
        let quota =
            |per_second| Quota::per_second(NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN));
        Self {
            by_key: RateLimiter::keyed(quota(limits.requests_per_second_per_key)),
            by_address: RateLimiter::keyed(quota(limits.requests_per_second_per_address)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request with this key.
    pub(crate) fn check_key(&self, key_number: u64) -> Result<(), ApiError> {
        self.by_key
            .check_key(&key_number)
            .map_err(|until| limited(until.wait_time_from(self.clock.now())))
    }

    /// Counts a request from this address (see [`network_of`]).
    pub(crate) fn check_address(&self, address: IpAddr) -> Result<(), ApiError> {
        self.by_address
            .check_key(&network_of(address))
            .map_err(|until| limited(until.wait_time_from(self.clock.now())))
    }

    /// Forgets the keys and addresses whose allowance is full again.
    pub(crate) fn sweep(&self) {
        self.by_key.retain_recent();
        self.by_address.retain_recent();
        self.by_address.shrink_to_fit();
    }
}

fn limited(wait: Duration) -> ApiError {
    ApiError::RateLimited {
        retry_after_seconds: wait.as_secs() + 1,
    }
}
