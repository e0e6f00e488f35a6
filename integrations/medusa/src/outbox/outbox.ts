/**
 * The outbox: events in the shop's own database, from the moment they happen until the gateway has
 * them. The tables are those of the module's migrations; times are the database's.
 */
import {
  BATCH_BYTES_MAX,
  BATCH_EVENTS_MAX,
  LEASE_MS,
  OUTBOX_EVENTS_MAX,
  REFUSED_DAYS,
  SENT_HOURS,
} from "../limits";
import { ask, type Database } from "./database";

/** An event to keep. */
export interface Kept {
  id: string;
  body: string;
}

/** An event that is to be sent, and how often that was tried, this time included. */
export interface Claimed extends Kept {
  attempts: number;
}

/** Events to send now, or the milliseconds after which to ask again; neither if there are none. */
export interface Claim {
  events: Claimed[];
  waitMs?: number;
}

/** The advisory lock of those who claim: any number that nothing else in the database uses. */
const CLAIM_LOCK = 7_921_083_110;

/** Milliseconds until another claims, who is asking the database right now. */
const OTHER_CLAIMS_MS = 250;

const milliseconds = "? * interval '1 millisecond'";

/** The events that are kept, and their fates. */
export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Keeps events, each id once, and resolves to the number of new ones when they are committed.
   *
   * @throws {RangeError} when so many events wait that the shop's disk comes first
   */
  async append(
    events: readonly Kept[],
    database: Database = this.#database,
  ): Promise<number> {
    if (events.length === 0) return 0;
    const { rows } = await ask(
      database,
      `with room as (
         select coalesce(max(position) - min(position), 0) < ? as is_there
         from waymark_event where status = 'pending'
       ), added as (
         insert into waymark_event (id, body)
         select * from unnest(?::text[], ?::text[])
         where (select is_there from room)
         on conflict do nothing
         returning 1
       )
       select (select is_there from room), (select count(*)::int from added) as added`,
      [
        OUTBOX_EVENTS_MAX,
        events.map(({ id }) => id),
        events.map(({ body }) => body),
      ],
    );
    if (!rows[0]?.is_there) {
      throw new RangeError(`${OUTBOX_EVENTS_MAX} events wait already`);
    }
    return Number(rows[0].added);
  }

  /** Those of the ids that are kept, whatever became of them. */
  async known(ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await ask(
      this.#database,
      "select id from waymark_event where id = any(?::text[])",
      [ids],
    );
    return new Set(rows.map(({ id }) => String(id)));
  }

  /**
   * Takes the oldest events that fit into a request, for as long as it takes to send them. There is
   * one sender at a time over all processes: while the oldest events are claimed or have to wait,
   * nobody gets any.
   */
  async claim(): Promise<Claim> {
    return this.#database.transaction(async (inside) => {
      const { rows: locks } = await ask(
        inside,
        "select pg_try_advisory_xact_lock(?) as is_mine",
        [CLAIM_LOCK],
      );
      if (!locks[0]?.is_mine) return { events: [], waitMs: OTHER_CLAIMS_MS };
      const { rows } = await ask(
        inside,
        `select id, body, attempts,
           extract(epoch from not_before - now()) * 1000 as wait
         from waymark_event where status = 'pending' order by position limit ?`,
        [BATCH_EVENTS_MAX],
      );
      const waitMs = Math.max(0, ...rows.map(({ wait }) => Number(wait ?? 0)));
      if (waitMs > 0) return { events: [], waitMs };
      const events: Claimed[] = [];
      let bytes = 0;
      for (const { id, body, attempts } of rows) {
        bytes += Buffer.byteLength(body as string) + 1;
        if (bytes > BATCH_BYTES_MAX && events.length > 0) break;
        events.push({ id, body, attempts: Number(attempts) + 1 });
      }
      if (events.length === 0) return { events };
      await ask(
        inside,
        `update waymark_event set attempts = attempts + 1,
           not_before = now() + ${milliseconds}, updated_at = now()
         where id = any(?::text[])`,
        [LEASE_MS, events.map(({ id }) => id)],
      );
      return { events };
    });
  }

  /** Lets the events wait, as a claim or before the next attempt. */
  async defer(
    ids: readonly string[],
    ms: number,
    reason?: string,
  ): Promise<void> {
    await ask(
      this.#database,
      `update waymark_event set not_before = now() + ${milliseconds},
         reason = coalesce(?, reason), updated_at = now()
       where id = any(?::text[]) and status = 'pending'`,
      [ms, reason ?? null, ids],
    );
  }

  /** The gateway has the events: only their ids stay for a while. */
  async sent(ids: readonly string[]): Promise<void> {
    await ask(
      this.#database,
      `update waymark_event set status = 'sent', body = '', reason = null,
         not_before = null, updated_at = now()
       where id = any(?::text[])`,
      [ids],
    );
  }

  /** The gateway will not have the event; it stays for a while, with the reason. */
  async refused(id: string, reason: string): Promise<void> {
    await ask(
      this.#database,
      `update waymark_event set status = 'refused', reason = ?,
         not_before = null, updated_at = now()
       where id = ? and status = 'pending'`,
      [reason, id],
    );
  }

  /** Has all refused events sent again. Resolves to their number. */
  async retryRefused(): Promise<number> {
    const { rows } = await ask(
      this.#database,
      `update waymark_event set status = 'pending', attempts = 0,
         position = nextval(pg_get_serial_sequence('waymark_event', 'position')),
         not_before = null, updated_at = now()
       where status = 'refused' returning 1`,
      [],
    );
    return rows.length;
  }

  /** Whether events wait, whoever will send them. */
  async isPending(): Promise<boolean> {
    const { rows } = await ask(
      this.#database,
      "select exists (select from waymark_event where status = 'pending') as it",
      [],
    );
    return Boolean(rows[0]?.it);
  }

  /** Deletes what was kept for a while, and carts that nobody has touched for as long. */
  async prune(): Promise<void> {
    await ask(
      this.#database,
      `delete from waymark_event
       where status = 'sent' and updated_at < now() - ? * interval '1 hour'
         or status = 'refused' and updated_at < now() - ? * interval '1 day'`,
      [SENT_HOURS, REFUSED_DAYS],
    );
    await ask(
      this.#database,
      "delete from waymark_cart where updated_at < now() - ? * interval '1 day'",
      [REFUSED_DAYS],
    );
  }
}
