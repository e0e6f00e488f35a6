//! The requests in flight.

use crate::ledger::Ledger;

/// A request in flight.
#[derive(Debug)]
pub struct Request {
    /// Its number; each request has a higher one than those before it.
    pub number: u32,
    /// Number of its events.
    pub events: usize,
    /// The size of its body.
    pub size_bytes: usize,
    /// The ledger at the time of this request, if the request carries it.
    pub ledger: Option<Ledger>,
}

/// The requests whose outcome is not known.
#[derive(Debug, Default)]
pub struct InFlight(Vec<Request>);

impl InFlight {
    /// Whether no request is in flight.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a request.
    pub fn add(&mut self, request: Request) {
        self.0.push(request);
    }

    /// Takes the request of that number, if it is in flight.
    pub fn take(&mut self, number: u32) -> Option<Request> {
        let at = self.0.iter().position(|request| request.number == number)?;
        Some(self.0.swap_remove(at))
    }
}
