/** The second module as JavaScript: fetched where a page refuses wasm. */
export { Impressions } from "../../wasm/insight-script.js";
