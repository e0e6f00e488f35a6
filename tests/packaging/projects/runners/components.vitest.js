import { expect, test } from "vitest";
import { component } from "./component.js";

component(test, expect);
