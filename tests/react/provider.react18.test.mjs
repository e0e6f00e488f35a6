// @ts-check
import { providerTests } from "./provider-tests.mjs";

providerTests(18);
