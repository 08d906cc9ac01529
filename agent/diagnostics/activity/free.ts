/** What `free` printed, in any unit and of any version: with the column of what is available, or with the line of buffers and cache. */

/** Bytes. */
export interface Free {
  readonly total: number;
  readonly available: number;
  readonly swapTotal: number;
  readonly swapUsed: number;
}

const SIZES: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
};

/**
 * The unit of numbers without one: of an option ("m"), else by the size of the memory, which is neither below 128 MiB nor above some TiB.
 */
function unitOf(options: readonly string[], total: number): number {
  const option = options.find((one) =>
    /^(?:[bkmgt]|bytes|kilo|kibi|mega|mebi|giga|gibi|tera|tebi)$/.test(one),
  );
  const letter = option?.[0] ?? (total >= 131_072 ? 'k' : total >= 512 ? 'm' : 'g');
  return SIZES[letter] ?? 1_024;
}

const NEW_COLUMNS = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];

/** Reads it; undefined where it is not in its format. @param options those of the command line as words, ["m"] */
export function parseFree(text: string, options: readonly string[] = []): Free | undefined {
  let unit = 1_024;
  const bytes = (word: string | undefined) => {
    const match = /^(\d{1,15}(?:[.,]\d{1,3})?)([BKMGTP]?)i?B?$/i.exec(word ?? '');
    if (!match) return Number.NaN;
    const own = match[2]?.toLowerCase() ?? '';
    return Number((match[1] ?? '').replace(',', '.')) * (own === '' ? unit : (SIZES[own] ?? 1));
  };
  let columns: readonly string[] = [];
  let inOrder: readonly string[] = [];
  const rows = new Map<string, readonly string[]>();
  for (const line of text.split('\n', 1_000)) {
    const words = line.slice(0, 300).trim().split(/\s+/);
    if (words[0] === 'total' && words[1] === 'used') columns = words;
    // In another language the columns are told by their places, and memory stands above swap.
    const translated =
      columns.length === 0 && words.length === 6 && /^[^\d/]+\/[^\d/]+$/.test(words[4] ?? '');
    if (translated) [columns, inOrder] = [NEW_COLUMNS, ['Mem', 'Swap']];
    const own = /^\s*(Mem|Swap|-\/\+ buffers\/cache):\s+(.*)$/.exec(line.slice(0, 300));
    const other =
      own || inOrder.length === 0 ? null : /^\s*(\p{L}[^:\d]{1,30}):\s+(\d.*)$/u.exec(line.slice(0, 300));
    const name = other ? ['', inOrder[rows.size] ?? '', other[2]] : own;
    if (columns.length > 0 && name?.[1] && !rows.has(name[1]))
      rows.set(name[1], (name[2] ?? '').trim().split(/\s+/));
  }
  const memory = rows.get('Mem');
  unit = unitOf(options, Number(memory?.[0] ?? 0));
  const total = bytes(memory?.[0]);
  const at = columns.indexOf('available');
  // Before procps 3.3.10 what is free besides buffers and cache stands in a line of its own, behind what is used.
  const available = at >= 0 ? bytes(memory?.[at]) : bytes(rows.get('-/+ buffers/cache')?.[1]);
  if (!(total > 0) || !Number.isFinite(available)) return undefined;
  // Whole GiB say nothing of what is left of a few.
  if (unit >= 2 ** 30 && total < 16 * unit && /^\d+$/.test(memory?.[0] ?? '')) return undefined;
  const swap = rows.get('Swap') ?? [];
  return { total, available, swapTotal: bytes(swap[0]) || 0, swapUsed: bytes(swap[1]) || 0 };
}
