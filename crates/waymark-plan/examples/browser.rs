//! The crate as a wasm module for the browser, which `bench/plan/run` weighs against the package's
//! own checker.

use wasm_bindgen::prelude::*;

/// A plan that was read.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Checker(waymark_plan::Plan);

#[wasm_bindgen]
impl Checker {
    /// Reads a plan.
    ///
    /// # Errors
    /// The reason why it is none.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &str) -> Result<Self, String> {
        let plan = waymark_plan::Plan::parse(plan).map_err(|error| error.to_string())?;
        Ok(Self(plan))
    }

    /// The problems of an event, whose properties are JSON text.
    ///
    /// # Errors
    /// Never: problems are plain values.
    pub fn check(&self, event: &str, properties: &str) -> Result<JsValue, JsValue> {
        let problems = self.0.check(event, Some(properties));
        Ok(serde_wasm_bindgen::to_value(&problems)?)
    }
}
