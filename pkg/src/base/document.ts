/**
 * Members of the document. An element may be named like one of them, and stands in for it then:
 * `<img name=title>`. So an object is read through the prototype, where no element is. What a page
 * itself puts in the place of a text or a function stays in force, such as a `cookie` that blocks.
 */
export function ofDocument<K extends keyof Document>(name: K): Document[K] {
  const member = document[name];
  return typeof member === "string" || typeof member === "function"
    ? member
    : Reflect.get(Object.getPrototypeOf(document), name, document);
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
