/** A connection to the database, as Knex has it. */
export interface Database {
  raw(
    sql: string,
    bindings: readonly unknown[],
  ): PromiseLike<{ rows: Record<string, any>[] }>;
  transaction<T>(work: (inside: Database) => Promise<T>): Promise<T>;
}

/**
 * Asks the database.
 *
 * @throws {Error} without the bindings, which Knex writes into its message: logs have no events
 */
export async function ask(
  database: Database,
  sql: string,
  bindings: readonly unknown[],
): Promise<{ rows: Record<string, any>[] }> {
  try {
    return await database.raw(sql, bindings);
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    const said = String(message).split(" - ").pop();
    throw Object.assign(new Error(said), { code });
  }
}
