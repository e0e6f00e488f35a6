//! Amounts: commercetools counts the smallest unit of a currency.

use serde_json::{Number, Value};

use crate::json::{Object, object};
use crate::limits::DIGITS_MAX;

/// An amount in the smallest unit, and the digits after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) units: i64,
    pub(crate) digits: u32,
}

impl Amount {
    /// Reads `centAmount`, which has the digits of the currency.
    pub(crate) fn cents(money: &Object, digits: u32) -> Option<Self> {
        let units = money.get("centAmount")?.as_i64()?;
        Some(Self { units, digits })
    }

    /// Reads a price, which may be of a higher precision (`HighPrecisionMoney`).
    pub(crate) fn precise(money: &Object, digits: u32) -> Option<Self> {
        let precise = money.get("preciseAmount").and_then(Value::as_i64);
        match (precise, digits_of(money)) {
            (Some(units), Some(digits)) => Some(Self { units, digits }),
            _ => Self::cents(money, digits_of(money).unwrap_or(digits)),
        }
    }

    /// The amount in units of the currency, exact to the last digit.
    pub(crate) fn to_json(self) -> Value {
        let digits = self.digits as usize;
        let sign = if self.units < 0 { "-" } else { "" };
        let text = format!("{:0>width$}", self.units.unsigned_abs(), width = digits + 1);
        let (whole, rest) = text.split_at(text.len() - digits);
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() {
            let whole: Option<i64> = format!("{sign}{whole}").parse().ok();
            return Value::from(whole);
        }
        let decimal: Option<f64> = format!("{sign}{whole}.{rest}").parse().ok();
        decimal
            .and_then(Number::from_f64)
            .map_or(Value::Null, Value::Number)
    }
}

/// The digits after the point that a money has.
pub(crate) fn digits_of(money: &Object) -> Option<u32> {
    let digits = money.get("fractionDigits")?.as_u64()?;
    u32::try_from(digits)
        .ok()
        .filter(|some| *some <= DIGITS_MAX)
}

/// A member's `centAmount`.
pub(crate) fn cents_of(of: &Object, name: &str) -> Option<i64> {
    object(of, name)?.get("centAmount")?.as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_exact_in_every_currency() {
        let of = |units, digits| Amount { units, digits }.to_json();
        assert_eq!(of(1999, 2), json!(19.99));
        assert_eq!(of(2000, 2), json!(20));
        assert_eq!(of(5, 2), json!(0.05));
        assert_eq!(of(-5, 2), json!(-0.05));
        assert_eq!(of(1999, 0), json!(1999));
        assert_eq!(of(1999, 3), json!(1.999));
        assert_eq!(of(0, 2), json!(0));
        assert_eq!(of(i64::MIN, 0), json!(i64::MIN));
    }

    #[test]
    fn a_precise_price_keeps_its_digits() {
        let price = json!({
            "type": "highPrecision", "centAmount": 1, "preciseAmount": 12345, "fractionDigits": 6,
        });
        let price = price.as_object().expect("an object");
        let amount = Amount::precise(price, 2).expect("an amount");
        assert_eq!(amount.to_json(), json!(0.012_345));
        let absurd =
            json!({ "preciseAmount": 1, "centAmount": 7, "fractionDigits": 4_000_000_000_u64 });
        let absurd = absurd.as_object().expect("an object");
        let amount = Amount::precise(absurd, 2).expect("an amount");
        assert_eq!(amount.to_json(), json!(0.07));
    }
}
