import { ofDocument } from "../base/platform";

/** The script that runs now. */
export function currentScript(): HTMLScriptElement | null {
  return ofDocument("currentScript") as HTMLScriptElement | null;
}
