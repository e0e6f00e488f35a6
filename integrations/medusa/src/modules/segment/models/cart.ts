import { model } from "@medusajs/framework/utils";

/** A cart's lines when it was last looked at; the id is the cart's. */
export const WaymarkCart = model.define("waymark_cart", {
  id: model.text().primaryKey(),
  lines: model.json().nullable(),
  /** How often they have changed. */
  changes: model.number().default(0),
});
