import { Analytics } from "../client/analytics";

/** A client that records and stores nothing: calls resolve and come to nothing. */
export class NullAnalytics extends Analytics {
  constructor() {
    super({ writeKey: "" }, { disableClientPersistence: true });
    this.initialized = true;
  }
}
