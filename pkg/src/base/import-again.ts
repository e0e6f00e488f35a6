/**
 * Makes the import of a chunk one that can be tried again. Firefox never fetches a module again that
 * it could not get, except by another address; a failed import's message ends in the address.
 */
export function importAgain<M>(load: () => Promise<M>): () => Promise<M> {
  let elsewhere: string | undefined;
  return async () => {
    try {
      return await (elsewhere
        ? (import(/* webpackIgnore: true */ elsewhere) as Promise<M>)
        : load());
    } catch (error) {
      const [, url] = / module: (\S+)$/.exec(String(error)) ?? [];
      elsewhere = url && `${url}#${+new Date()}`;
      throw error;
    }
  };
}
