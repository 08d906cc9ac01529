/**
 * Entries of the systemd journal in text: `journalctl -o json` has an object a line, `-o export` and `-o verbose` have a field
 * a line and entries one behind the other (systemd.io/JOURNAL_EXPORT_FORMATS).
 */

/** What of an entry matters here. */
export interface JournalEntry {
  /** The message, a character a byte. */
  readonly text: string;
  /** Who says it, where that is not the kernel. */
  readonly program: string | undefined;
  /** The machine whose entry it is, where that is said. */
  readonly host: string | undefined;
  readonly timeMs: number | undefined;
  readonly uptime: number | undefined;
}

function usec(value: unknown): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** @param other who speaks where the entry does not say: undefined is the kernel */
function entry(text: string, field: (name: string) => unknown, other: string | undefined): JournalEntry {
  const time = usec(field('_SOURCE_REALTIME_TIMESTAMP')) ?? usec(field('__REALTIME_TIMESTAMP'));
  const uptime = usec(field('_SOURCE_MONOTONIC_TIMESTAMP'));
  const identifier = field('SYSLOG_IDENTIFIER');
  const host = field('_HOSTNAME');
  const named = typeof identifier === 'string' ? identifier : undefined;
  // What programs write into the kernel's log has the kernel's transport and their own name.
  const kernel = named === 'kernel' || (named === undefined && field('_TRANSPORT') === 'kernel');
  return {
    text,
    program: kernel ? undefined : (named ?? other),
    host: typeof host === 'string' ? host : undefined,
    timeMs: time === undefined ? undefined : Math.round(time / 1000),
    uptime: uptime === undefined ? undefined : uptime / 1e6,
  };
}

/** An object of JSON, with the comma behind it where it is one of an array. Undefined where it is none. */
function parsed(line: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line.toString('utf8').replace(/,\s*$/, '')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** An entry that is an object of JSON. Undefined where it is none. */
export function jsonEntry(line: Buffer): JournalEntry | undefined {
  const object = parsed(line);
  if (object === undefined) return undefined;
  if (object.MESSAGE === undefined) return ownRecord(object);
  const message = object.MESSAGE;
  // A message that is not UTF-8 is a list of its bytes.
  if (Array.isArray(message))
    return entry(Buffer.from(message.map(Number)).toString('latin1'), (name) => object[name], '');
  if (typeof message !== 'string') return undefined;
  return entry(Buffer.from(message).toString('latin1'), (name) => object[name], '');
}

/**
 * A record as nodectl logs and nodectl dmesg give it with -o json and -o jsonl. Undefined where it is none, and where it is a line of a
 * file, which says itself whose it is.
 */
function ownRecord({ node, source, message, identifier, timeUsec }: Record<string, unknown>) {
  if (typeof node !== 'string' || typeof source !== 'string' || typeof message !== 'string') return undefined;
  const time = usec(timeUsec);
  const kernel = source === 'kernel' || identifier === 'kernel';
  if (!kernel && typeof identifier !== 'string') return undefined;
  return {
    text: Buffer.from(message).toString('latin1'),
    program: kernel ? undefined : String(identifier),
    host: node,
    timeMs: time === undefined ? undefined : Math.round(time / 1000),
    uptime: undefined,
  };
}

/** Names that collectors have for the machine in an object of theirs: rsyslog, GELF, Vector, Elasticsearch, nodectl. */
const HOSTS = ['host', 'hostname', '_HOSTNAME', 'HOSTNAME', 'node'] as const;

/** The machine that an object of JSON names which is no entry of a journal. Undefined where it names none. */
export function jsonHost(line: Buffer): string | undefined {
  const object = parsed(line) ?? {};
  for (const name of HOSTS) {
    const value = object[name];
    const host =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>).name : value;
    if (typeof host === 'string' && host !== '') return host;
  }
  return undefined;
}

/** Fields that are kept of an entry that comes line by line. */
const FIELDS: readonly string[] = [
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  '_HOSTNAME',
  '_TRANSPORT',
  'SYSLOG_IDENTIFIER',
];
/** What lines with such a field contain. */
export const FIELD_MARKS: readonly string[] = FIELDS.map((name) => `${name}=`);

const MESSAGE = /^\s*MESSAGE=/;
/** Between "MESSAGE" alone on a line and a message of bytes stands its length, in eight bytes. */
const LENGTH_BYTES = 8;

/** Gathers an entry's fields as its lines pass by. */
export class EntryLines {
  /** Whether lines of an entry have been seen since it last ended. */
  open = false;
  #fields = new Map<string, string>();
  #message: { text: string; line: number } | undefined;
  #bytesFollow = false;
  #indented = false;

  /** Takes a line with one of the marks in it. */
  field(line: string): void {
    const found = /^(\s*)([A-Z_]{3,40})=(.*)$/.exec(line);
    if (!found || !FIELDS.includes(found[2] ?? '')) return;
    this.open = true;
    this.#indented = found[1] !== '';
    this.#fields.set(found[2] ?? '', (found[3] ?? '').trim());
  }

  /** Takes a line in which something may be recognised. False where it is no message of such an entry. */
  message(line: string, number: number): boolean {
    const head = MESSAGE.exec(line);
    const text = head ? line.slice(head[0].length) : this.#bytesFollow ? line.slice(LENGTH_BYTES) : undefined;
    if (text === undefined) return false;
    this.open = true;
    this.#message ??= { text, line: number };
    return true;
  }

  /** Takes a line in which nothing is of interest; whether the entry ends with it. @param first its first byte */
  ends(line: Buffer): boolean {
    if (line.length === 0) return !this.#bytesFollow;
    // `-o verbose` has no empty lines, but a heading that is not indented.
    if (this.#indented && line[0] !== 32) return true;
    this.#bytesFollow = line.length === 7 && line.toString('latin1', 0, 7) === 'MESSAGE';
    return false;
  }

  /** Ends the entry: what it says, where something may be recognised in it. */
  take(): (JournalEntry & { line: number }) | undefined {
    const message = this.#message;
    const fields = this.#fields;
    this.open = false;
    this.#message = undefined;
    this.#fields = new Map();
    this.#bytesFollow = false;
    if (!message) return undefined;
    const other = fields.size > 0 ? '' : undefined;
    return { ...entry(message.text, (name) => fields.get(name), other), line: message.line };
  }
}
