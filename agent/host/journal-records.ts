/**
 * The kernel's messages in what prints a record of a log field by field: `journalctl -o json`, `json-pretty`, `export` and `verbose`, and
 * `dmesg --json`.
 */

/** "MESSAGE=…", '"MESSAGE" : "…",'; a field of `dmesg --json`: '"msg": "…"'. */
const FIELD =
  /^\s{0,20}"?(MESSAGE|_TRANSPORT|SYSLOG_IDENTIFIER|_HOSTNAME|pri|msg)"? ?[=:]\s*"?(.{0,4000}?)"?,?$/;
/** Between two records. */
const BETWEEN = /^\s*(?:[{}[\],]{1,3}\s*)?$|^__CURSOR=|^\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* \S+ \[s=/;
const MAX_RECORD = 64 << 10;

/** Takes lines one by one and gives the kernel's messages in them, as syslog would have written them. */
export class JournalRecords {
  #message: string | undefined;
  #kernel = false;
  #host = '';

  /** The message that the line completes; undefined where it completes none. */
  take(line: string): string | undefined {
    if (line.startsWith('{') && line.includes('"MESSAGE"')) return whole(line);
    if (BETWEEN.test(line)) {
      this.#message = undefined;
      this.#kernel = false;
      this.#host = '';
      return undefined;
    }
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (name === 'MESSAGE' || name === 'msg') this.#message = value.replace(/\\(["\\/])/g, '$1');
    else if (name === '_HOSTNAME') this.#host = value;
    else if (name === 'pri' || value === 'kernel') this.#kernel = true;
    if (!this.#kernel || this.#message === undefined) return undefined;
    const message = this.#message;
    this.#message = undefined;
    return written(this.#host, message);
  }
}

/** A record in one line. */
function whole(line: string): string | undefined {
  if (line.length > MAX_RECORD) return undefined;
  try {
    const record = JSON.parse(line) as Record<string, unknown>;
    const { MESSAGE: message, _HOSTNAME: host } = record;
    const kernel = record._TRANSPORT === 'kernel' || record.SYSLOG_IDENTIFIER === 'kernel';
    if (!kernel || typeof message !== 'string') return undefined;
    return written(typeof host === 'string' ? host : '', message, Number(record.__REALTIME_TIMESTAMP));
  } catch {
    // Cut off, or no JSON.
    return undefined;
  }
}

/** As a line of a log with the record's time where it is known: "2026-01-02T15:04:05.000Z host kernel: …". */
function written(host: string, message: string, usec = Number.NaN): string {
  const ms = Math.floor(usec / 1_000);
  const text = message.split('\n', 1)[0] ?? '';
  if (!(ms > 0 && ms < 8e15)) return text;
  return `${new Date(ms).toISOString()} ${/^[\w.-]{1,64}$/.test(host) ? `${host} ` : ''}kernel: ${text}`;
}
