import { model } from "@medusajs/framework/utils";

/** An event of the outbox. Its id is its message id, so that each is kept once. */
export const WaymarkEvent = model.define("waymark_event", {
  id: model.text().primaryKey(),
  /** The order in which events are sent. */
  position: model.autoincrement(),
  /** The event as JSON; empty once it is sent. */
  body: model.text(),
  status: model.enum(["pending", "sent", "refused"]).default("pending"),
  attempts: model.number().default(0),
  /** Until when it is claimed, or waits for its next attempt. */
  not_before: model.dateTime().nullable(),
  /** Why it waits or was refused. */
  reason: model.text().nullable(),
});
