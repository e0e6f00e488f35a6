// Generated from `waymark_core::stored::Key::ALL`, whose tests compare it; see there.
export const USER_ID = 0;
export const ANONYMOUS_ID = 1;
export const USER_TRAITS = 2;
export const GROUP_ID = 3;
export const GROUP_TRAITS = 4;
