/** What is used of Express, so that a shop need not have its types. */

/** A request of Express, or of Node.js alone. */
export interface ExpressRequest extends AsyncIterable<any> {
  method?: string | undefined;
  url?: string | undefined;
  originalUrl?: string;
  protocol?: string;
  ip?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  body?: any;
}

/** A response of Express, or of Node.js alone. */
export interface ExpressResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

/** Goes on with the next handler. */
export type Next = (error?: any) => void;

/** A header's text, of the first if there are more. */
export function headerOf(
  request: ExpressRequest,
  name: string,
): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
