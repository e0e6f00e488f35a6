import { component } from "./component.js";

component(test, expect);
