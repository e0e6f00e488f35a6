/** What carts had in them when they were last looked at, beside the outbox. */
import {
  type Cart,
  cartChanged,
  type KnownLines,
  linesOf,
} from "../mapping/cart";
import type { SegmentEvent } from "../mapping/event";
import { ask, type Database } from "./database";

/**
 * The lines of carts. One cart at a time is looked at in a process: each look holds a connection
 * while it asks for the cart over another, and the shop needs the rest.
 */
export class CartLines {
  readonly #database: Database;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Compares a cart with what it was, and has `keep` keep the events of the change in the same
   * transaction. The cart is loaded once it is locked, so that no older state is compared later.
   */
  look(
    id: string,
    load: () => Promise<Cart | undefined>,
    keep: (events: SegmentEvent[], inside: Database) => Promise<void>,
  ): Promise<void> {
    const turn = this.#last.then(() => this.#look(id, load, keep));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #look(
    id: string,
    load: () => Promise<Cart | undefined>,
    keep: (events: SegmentEvent[], inside: Database) => Promise<void>,
  ): Promise<void> {
    await this.#database.transaction(async (inside) => {
      await ask(
        inside,
        "insert into waymark_cart (id) values (?) on conflict do nothing",
        [id],
      );
      const { rows } = await ask(
        inside,
        "select lines, changes from waymark_cart where id = ? for update",
        [id],
      );
      const cart = await load();
      if (!cart) return;
      const before = (rows[0]?.lines ?? {}) as KnownLines;
      const change = Number(rows[0]?.changes ?? 0) + 1;
      const events = cartChanged(cart, before, change);
      if (events.length === 0) return;
      await keep(events, inside);
      await ask(
        inside,
        `update waymark_cart set lines = ?::jsonb, changes = ?, updated_at = now()
         where id = ?`,
        [JSON.stringify(linesOf(cart)), change, id],
      );
    });
  }
}
