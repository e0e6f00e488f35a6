/** Generated from `waymark_core::consent`, whose tests compare it; see there. */
export const STEPS: readonly (readonly number[])[] = [
  [32, 122, 0, 26, 26, 10],
  [164, 122, 4, 10, 26, 10],
  [164, 34, 4, 2, 2, 2],
];
