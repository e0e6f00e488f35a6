// @ts-check
// A real Medusa with the packed plugin, over PostgreSQL and the real gateway: one shop for all cases.
import "./cases/orders.mjs";
import "./cases/visitors.mjs";
import "./cases/outbox.mjs";
import "./cases/faults.mjs";
