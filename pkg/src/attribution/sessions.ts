import { ExtensionStore } from "../call/extension-store";
import type { Asker, Draft } from "../model/extension";
import { randomId } from "../base/random-id";
import { type KeptSession, sessionAt } from "./session";

/** The stored session, shared by the extensions that use it. */
export const SESSIONS: ExtensionStore<KeptSession> = new ExtensionStore(
  "waymark:session",
);

/** The session of a call. The call keeps it alive. */
export function sessionOf({ nowMs }: Draft, asker: Asker): KeptSession {
  const session = sessionAt(SESSIONS.read(asker), nowMs, randomId);
  SESSIONS.write(asker, session);
  return session;
}
