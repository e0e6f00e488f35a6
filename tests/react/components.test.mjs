// @ts-check
import { componentTests } from "./component-tests.mjs";

componentTests(19);
