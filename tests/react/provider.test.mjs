// @ts-check
import { providerTests } from "./providerTests.mjs";

providerTests(19);
