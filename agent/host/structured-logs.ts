/**
 * Logs whose records have fields, as lines of syslog: of the journal (`journalctl -o json`, json-pretty, export, verbose) and of what collects
 * logs (Loki, Elasticsearch, CloudWatch, Google's logging, Fluent Bit), so that whoever reads lines reads them.
 */

/** A record's fields, whatever they are called. */
type Fields = Readonly<Record<string, unknown>>;

/** What a text has that holds such records. */
const LIKELY = /"(?:MESSAGE|message|line|textPayload|values)" ?: ?["[]|^\s{0,8}MESSAGE=/m;
const MESSAGES = ['MESSAGE', 'message', 'textPayload', 'line'];
/** Without a time beside it a message is of anything. */
const TIMES = ['__REALTIME_TIMESTAMP', '_SOURCE_REALTIME_TIMESTAMP', '@timestamp', 'timestamp', 'time', 'ts'];
const PROGRAMS = [
  'SYSLOG_IDENTIFIER',
  '_COMM',
  'ident',
  'program',
  'appname',
  'syslog_identifier',
  'identifier',
];
const HOSTS = ['_HOSTNAME', 'hostname', 'host'];
const PIDS = ['_PID', 'SYSLOG_PID', 'pid', 'procid'];
/** A line that a program wrote with its time and name. */
const WHOLE = /^(?:<\d{1,3}>)?(?:\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\S* \S+ \S+: /;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const MAX_RECORDS = 50_000;
const MAX_DEPTH = 8;

/** The records of a text as lines of syslog, one below the other; empty where it has none. */
export function recordLinesOf(text: string): string {
  if (!LIKELY.test(text)) return '';
  const lines: string[] = [];
  const take = (record: Fields): boolean => {
    const line = lineOf(record);
    if (line !== undefined && lines.length < MAX_RECORDS) lines.push(line);
    return line !== undefined;
  };
  if (/^\s{0,8}MESSAGE=/m.test(text)) for (const record of blocksIn(text)) take(record);
  else for (const value of valuesIn(text)) visit(value, take, 0);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Records of KEY=value, one a line, an empty line or (verbose) one that is no field between them. */
function* blocksIn(text: string): Generator<Fields> {
  let record: Record<string, string> = {};
  for (const row of text.split('\n')) {
    const [, key, value = ''] = /^\s{0,8}([A-Z_][A-Z\d_]{0,63})=(.*)$/.exec(row) ?? [];
    if (key !== undefined) record[key] ??= value;
    else if (record.MESSAGE !== undefined) {
      yield record;
      record = {};
    }
  }
  if (record.MESSAGE !== undefined) yield record;
}

/** Values of JSON: the whole text, one a line, or one from a brace alone to the next that closes it. */
function* valuesIn(text: string): Generator<unknown> {
  const whole = /^\s*[[{]/.test(text) ? parsed(text) : undefined;
  if (whole !== undefined) {
    yield whole;
    return;
  }
  let open: string[] | undefined;
  for (const row of text.split('\n')) {
    if (open) {
      open.push(row);
      if (!/^[}\]],?\s*$/.test(row)) continue;
      yield parsed(open.join('\n').replace(/,\s*$/, ''));
      open = undefined;
    } else if (/^[{[]\s*$/.test(row)) open = [row];
    else if (/^\s*\{.*\}\s*,?\s*$/.test(row)) yield parsed(row.trim().replace(/,$/, ''));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that only begins so, or was cut.
    return undefined;
  }
}

/** Finds the records in a value, however deep they stand. */
function visit(value: unknown, take: (record: Fields) => boolean, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    // Loki's: the time in nanoseconds, and the line.
    const [time, line] = value;
    if (value.length >= 2 && typeof time === 'string' && /^\d{19}$/.test(time) && typeof line === 'string')
      take({ timestamp: `${time.slice(0, 13)}`, line });
    else for (const one of value) visit(one, take, depth + 1);
  } else if (!take(value as Fields)) for (const one of Object.values(value)) visit(one, take, depth + 1);
}

/** A record as a line; undefined where an object is none. */
function lineOf(record: Fields): string | undefined {
  const message = record[MESSAGES.find((key) => key in record) ?? ''];
  // A message that is no text is an array of its bytes.
  const text = Array.isArray(message) ? Buffer.from(message.map(Number)).toString() : message;
  const time = record[TIMES.find((key) => key in record) ?? ''];
  if (typeof text !== 'string' || text === '' || time === undefined) return undefined;
  const first = text.split('\n', 1)[0]?.trimEnd() ?? '';
  const host = named(record, HOSTS) ?? 'localhost';
  const program = record._TRANSPORT === 'kernel' ? 'kernel' : named(record, PROGRAMS);
  const own = program ?? named(record, ['process']);
  if (WHOLE.test(first) || own === undefined) return first;
  const pid = own === 'kernel' ? undefined : named(record, PIDS);
  return `${dateOf(time)} ${host} ${own}${pid === undefined ? '' : `[${pid}]`}: ${first}`;
}

/** The first of some fields that is there: a text, or an object with its name in it ("host": {"name": …}). */
function named(record: Fields, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = record[key];
    const name = typeof value === 'object' && value !== null ? (value as Fields).name : value;
    if ((typeof name === 'string' || typeof name === 'number') && /^[\w.@/-]{1,100}$/.test(String(name)))
      return String(name);
  }
  return undefined;
}

/** "Mar  4 05:33:20" of a time in seconds to nanoseconds since the epoch, or as a text. */
function dateOf(time: unknown): string {
  const digits = /^\d{10,19}$/.exec(String(time).replace(/\..*$/, ''))?.[0];
  const ms = digits === undefined ? Date.parse(String(time)) : Number(digits.padEnd(13, '0').slice(0, 13));
  const date = new Date(Number.isFinite(ms) ? ms : 0);
  const clock = date.toISOString().slice(11, 19);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock}`;
}
