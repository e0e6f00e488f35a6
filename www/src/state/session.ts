import { isRecord } from "./record";
import { openStore } from "./store";

/** Who is signed in. */
export type Session = { userId: string; email: string; name: string };

/** The session, or `null` for a guest. */
export const sessionStore = openStore<Session | null>(
  "cairn.session",
  (found) =>
    isRecord(found) &&
    typeof found.userId === "string" &&
    typeof found.email === "string" &&
    typeof found.name === "string"
      ? { userId: found.userId, email: found.email, name: found.name }
      : null,
);

/** The user id for an e-mail address, in any letter case: 32-bit FNV-1a in hex. */
export function userIdOf(email: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(email.trim().toLowerCase())) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return `user_${hash.toString(16).padStart(8, "0")}`;
}

/** Signs in to the demo account of an e-mail address. It has no password. */
export function openSession(email: string, name: string): Session {
  const session = {
    userId: userIdOf(email),
    email: email.trim(),
    name: name.trim(),
  };
  sessionStore.set(session);
  return session;
}

/** Signs out. */
export function closeSession(): void {
  sessionStore.set(null);
}
