/**
 * `setTimeout`, of the browser itself where Angular's zones replaced it: for them a page is not
 * stable while a timer waits.
 */
export function setTimer(
  task: () => void,
  delayMs: number,
): ReturnType<typeof setTimeout> {
  const { __zone_symbol__setTimeout: own } = globalThis as {
    __zone_symbol__setTimeout?: typeof setTimeout;
  };
  return (own ?? setTimeout)(task, delayMs);
}
