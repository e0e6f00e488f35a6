// @ts-check
import { componentTests } from "./componentTests.mjs";

componentTests(18);
