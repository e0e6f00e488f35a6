import { Analytics } from "../client/analytics";

/** A client that records and stores nothing; its calls resolve. */
export class NullAnalytics extends Analytics {
  constructor() {
    super({ writeKey: "" }, { disableClientPersistence: true });
    this.initialized = true;
  }
}
