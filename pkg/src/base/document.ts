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

/** Listens to events of the document or, by default, of the window or worker. */
export function listen<K extends keyof (WindowEventMap & DocumentEventMap)>(
  type: K,
  listener: (event: (WindowEventMap & DocumentEventMap)[K]) => void,
  options?: AddEventListenerOptions | boolean,
  target: EventTarget = globalThis,
): void {
  const prototype = Object.getPrototypeOf(target) as EventTarget;
  const owner =
    typeof target.addEventListener === "function" ? target : prototype;
  owner.addEventListener.call(target, type, listener as EventListener, options);
}
