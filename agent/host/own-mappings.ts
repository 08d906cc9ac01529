/**
 * Which parts of a process's memory are nothing but pages of a file, by /proc/PID/smaps (proc_pid_smaps(5)). Whoever gives such a
 * part back to the page cache loses nothing; whoever gives back another one loses what stood in it. So the reader is strict: a
 * text that is not in every line as the kernel writes it tells of no part at all.
 */

/** A part of the memory of a process. */
export interface Mapping {
  readonly from: bigint;
  readonly bytes: bigint;
}

const HEADER =
  /^([0-9a-f]{8,16})-([0-9a-f]{8,16}) ([r-][w-][x-][ps]) [0-9a-f]{8,16} [0-9a-f]{2,}:[0-9a-f]{2,} ([0-9]+) *(.*)$/;
const AMOUNT = /^([A-Z][A-Za-z_]*): +([0-9]{1,16}) kB$/;
const FLAGS = /^VmFlags:((?: [a-z0-9?]{2})+) ?$/;
/** Counts without a unit. */
const OTHER = /^(?:THPeligible|ProtectionKey): +[0-9]+$/;

/** Amounts that have to be there and zero: pages that are no file's any more, and such as may not be given back. */
const NONE_OF = ['Anonymous', 'Swap', 'Locked', 'Shared_Hugetlb', 'Private_Hugetlb'];
/** Flags of writable, shared and locked memory, of devices, and of pages that are not the page cache's. */
const NEVER = ['wr', 'sh', 'lo', 'io', 'pf', 'ht', 'mm'];

/** One mapping as it is read. */
interface Entry extends Mapping {
  readonly mode: string;
  readonly inode: string;
  readonly path: string;
  readonly amounts: Map<string, bigint>;
  flags: readonly string[] | undefined;
}

/**
 * The mappings of a file that are read-only, private, and have no page that was ever written to.
 * @param smaps the whole text
 * @param path the file as the kernel names it; one that was removed has another name there
 * @throws Error where the text is not wholly understood
 */
export function untouchedMappings(smaps: string, path: string): Mapping[] {
  return entriesOf(smaps)
    .filter((one) => one.path === path && isUntouched(one))
    .map(({ from, bytes }) => ({ from, bytes }));
}

function isUntouched({ mode, inode, amounts, flags }: Entry): boolean {
  return (
    (mode === 'r--p' || mode === 'r-xp') &&
    inode !== '0' &&
    NONE_OF.every((name) => amounts.get(name) === 0n) &&
    flags?.includes('rd') === true &&
    !NEVER.some((flag) => flags.includes(flag))
  );
}

function entriesOf(smaps: string): Entry[] {
  if (!smaps.endsWith('\n')) throw new Error('smaps ends within a line');
  const entries: Entry[] = [];
  for (let at = 0; at < smaps.length; ) {
    const end = smaps.indexOf('\n', at);
    const line = smaps.slice(at, end);
    at = end + 1;
    const last = entries.at(-1);
    const entry = headerOf(line);
    if (entry) {
      if (last) check(last, entry.from);
      entries.push(entry);
    } else if (!last || !take(last, line)) throw new Error(`smaps has a line that is not known: ${line}`);
  }
  const last = entries.at(-1);
  if (!last) throw new Error('smaps is empty');
  check(last);
  return entries;
}

function headerOf(line: string): Entry | undefined {
  const [, from, to, mode, inode, path] = HEADER.exec(line) ?? [];
  if (!from || !to || !mode || !inode || path === undefined) return undefined;
  const begin = BigInt(`0x${from}`);
  const bytes = BigInt(`0x${to}`) - begin;
  return { from: begin, bytes, mode, inode, path, amounts: new Map(), flags: undefined };
}

/** Takes a line of a mapping, and says whether it is one, and the first of its name. */
function take(entry: Entry, line: string): boolean {
  const [, name, amount] = AMOUNT.exec(line) ?? [];
  if (name && amount) {
    if (entry.amounts.has(name)) return false;
    entry.amounts.set(name, BigInt(amount));
    return true;
  }
  const [, flags] = FLAGS.exec(line) ?? [];
  if (flags === undefined) return OTHER.test(line);
  if (entry.flags) return false;
  entry.flags = flags.trim().split(' ');
  return true;
}

/** Holds a mapping that was read against itself and against where the next one begins. @throws Error */
function check({ from, bytes, amounts }: Entry, next?: bigint): void {
  const page = (amounts.get('KernelPageSize') ?? 0n) * 1_024n;
  if (bytes <= 0n || page === 0n || from % page !== 0n || bytes % page !== 0n)
    throw new Error(`smaps has a mapping at ${from.toString(16)} that is not made of pages`);
  if (amounts.get('Size') !== bytes / 1_024n)
    throw new Error(`smaps has a mapping at ${from.toString(16)} that is not as long as it says`);
  if (next !== undefined && next < from + bytes)
    throw new Error(`smaps has mappings at ${from.toString(16)} that overlap`);
}
