/**
 * Makes operations while those before them are sent and written: without it, making waits wherever the node flushes to its disk,
 * and the node waits while more is made.
 */

/**
 * The items, in order, made ahead of whoever takes them.
 * @param bytesOf of an item
 * @param mostBytes no more is made where so many bytes wait to be taken
 * @throws what `items` throws, behind the items that came before
 */
export async function* ahead<T>(
  items: AsyncIterable<T>,
  bytesOf: (item: T) => number,
  mostBytes: number,
): AsyncGenerator<T> {
  const waiting: T[] = [];
  let bytes = 0;
  let [left, made] = [false, false];
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const making = (async () => {
    try {
      for await (const item of items) {
        waiting.push(item);
        bytes += bytesOf(item);
        wake();
        while (bytes >= mostBytes && !left) await change();
        if (left) return;
      }
    } catch (error) {
      failure = { error };
    } finally {
      made = true;
      wake();
    }
  })();
  try {
    for (;;) {
      const item = waiting.shift();
      if (item !== undefined) {
        bytes -= bytesOf(item);
        wake();
        yield item;
      } else if (!made) await change();
      else if (failure) throw failure.error;
      else return;
    }
  } finally {
    left = true;
    wake();
    await making;
  }
}
