/**
 * Members of the document. An element may be named like one of them, and stands in for it then:
 * `<img name=title>`. So what is no text is read through the prototype, where no element is.
 */
export function ofDocument<K extends keyof Document>(name: K): Document[K] {
  const member = document[name];
  // What a page puts in the place of a text stays in force, such as a `cookie` that blocks.
  return typeof member === "string"
    ? member
    : Reflect.get(Object.getPrototypeOf(document), name, document);
}

/** Listens to events of the document or, by default, of the window or worker. */
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
