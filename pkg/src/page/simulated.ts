/** Whether this is a browser that tests simulate in Node.js: jsdom or happy-dom. */
export function isSimulated(): boolean {
  return /jsdom|HappyDOM/.test(navigator.userAgent);
}
