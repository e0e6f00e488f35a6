/**
 * What the SDK does in its own way, as pages replace the language's and the browser's: a function
 * that old libraries or polyfills change is used here only, or not at all.
 */

/** Runs `task` in a microtask: `await` needs neither `queueMicrotask` nor the page's `Promise`. */
export async function inMicrotask(task: () => void): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/await-thenable -- only to wait for a microtask
  await 0;
  task();
}

/** A channel to the other pages of this origin; undefined where there is none to be had. */
export function openChannel(name: string): BroadcastChannel | undefined {
  try {
    const channel = new BroadcastChannel(name);
    // A page may have put something else in its place.
    return (channel as Partial<BroadcastChannel>).close && channel;
  } catch {
    return undefined;
  }
}

/** Logs a warning, if the page's console can. */
export function warn(...said: unknown[]): void {
  globalThis.console?.warn?.("waymark:", ...said);
}

/**
 * Members of the document. An element may be named like one of them, and stands in for it then:
 * `<img name=title>`. So an object is read through the prototype, where no element is. What a page
 * itself puts in the place of a text or a function stays in force, such as a `cookie` that blocks.
 */
export function ofDocument<K extends keyof Document>(name: K): Document[K] {
  const member = document[name];
  return typeof member === "string" || typeof member === "function"
    ? member
    : inherited(document, name);
}

/**
 * A hidden frame in the page's head, in which no script of the page has run. Throws in a worker,
 * which has no document, and where a page forbids frames.
 */
export function freshFrame(): HTMLIFrameElement {
  const frame = ofDocument("createElement").call(
    document,
    "iframe",
  ) as HTMLIFrameElement;
  frame.hidden = true;
  ofDocument("head").append(frame);
  return frame;
}

/** A member as the object's prototypes have it. A page may have a `Reflect` of its own. */
export function inherited(object: object, name: string): any {
  const heir = {
    __proto__: Object.getPrototypeOf(object) as Record<string, unknown>,
    read(): unknown {
      return super[name as never];
    },
  };
  return heir.read.call(object as typeof heir);
}

/**
 * Listens to events of the document or, by default, of the window or worker. A page's own function
 * of the name is passed by: a script that declares one has no event in mind.
 */
export function listen<K extends keyof (WindowEventMap & DocumentEventMap)>(
  type: K,
  listener: (event: (WindowEventMap & DocumentEventMap)[K]) => void,
  options?: AddEventListenerOptions | boolean,
  target: EventTarget = globalThis,
): void {
  const prototype = Object.getPrototypeOf(target) as EventTarget;
  // A test runner copies the members of a window to its own global object.
  const owner = "addEventListener" in prototype ? prototype : target;
  owner.addEventListener.call(target, type, listener as EventListener, options);
}

/** Resolves after `waitMs` milliseconds. */
export function sleep(waitMs: number): Promise<undefined> {
  return new Promise((done) => setTimeout(done, waitMs));
}

/** Resolves as `task` does, or with undefined if it fails or takes longer than `limitMs`. */
export function within<T>(
  task: Promise<T>,
  limitMs: number,
): Promise<T | undefined> {
  return new Promise((done) => {
    task.then(done, () => done(undefined));
    setTimeout(done, limitMs);
  });
}
