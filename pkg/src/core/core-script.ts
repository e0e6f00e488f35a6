/** The core as JavaScript: fetched if the page refuses wasm. */
export { bindScript } from "../../wasm/script.js";
