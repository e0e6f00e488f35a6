import { codeOf } from "./turned-away";

/** Logs the fate of a batch. */
export function logSettled(events: number, fate: string, status: number): void {
  const answer = status ? ` (${codeOf(status) ?? `HTTP ${status}`})` : "";
  const noun = events === 1 ? "event" : "events";
  console.log(`waymark: ${events} ${noun} ${fate}${answer}`);
}
