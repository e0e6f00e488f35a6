/** The core as JavaScript: fetched where a page refuses wasm. */
export { bindScript } from "../../wasm/script.js";
