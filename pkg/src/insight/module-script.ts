/** The second module as JavaScript, fetched if the page may not compile wasm. */
export { Impressions } from "../../wasm/insight-script.js";
