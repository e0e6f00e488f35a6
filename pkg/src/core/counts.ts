// Generated from `waymark_core::ledger::Ledger::counts`, whose tests compare it; see there.
export const ACCEPTED = 0;
export const ACKNOWLEDGED = 1;
export const PENDING = 2;
export const RETRIED = 3;
export const REFUSED = 4;
export const QUEUE_FULL = 5;
export const TOO_LARGE = 6;
export const RESTORED = 7;
export const TOO_OLD = 8;
export const SENT = 9;
export const ADOPTED = 10;
export const COUNTS = 11;
