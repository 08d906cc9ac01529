/**
 * What all forms of ethtool's output share: lines of "name: value", on/off words, "n/a", JSON in the newer versions, and the
 * sentences with which it refuses. Formats are those of ethtool 4.19 to 6.15 (ethtool.c and netlink/*.c of its source).
 */

import { Unavailable, type UnavailableKind } from '../../../host/unavailable.ts';

/** More lines than this are not looked at: the longest real output, of a driver with 256 queues, has about 10,000. */
const MAX_LINES = 200_000;
/** What a line is cut to: the longest real one is a firmware's name. */
const MAX_LINE = 2_000;

/** What stands before each line of an output that was quoted in a mail, or in the comments of a script. */
const CITED = /^(?:>+|#) ?/;

/** The lines of an output, whatever ends them, without the white space behind them. */
export function lines(text: string): string[] {
  const all = text
    .split(/\r\n|\n|\r/, MAX_LINES)
    .map((line) => line.slice(0, MAX_LINE).trimEnd())
    .filter((line) => line !== '');
  return all.every((line) => CITED.test(line)) ? all.map((line) => line.replace(CITED, '')) : all;
}

/** A line "name: value" cut at its first colon, both trimmed; undefined where there is no colon or no name. */
export function field(line: string): { name: string; value: string } | undefined {
  const at = line.indexOf(':');
  if (at <= 0) return undefined;
  const name = line.slice(0, at).trim();
  return name === '' ? undefined : { name, value: line.slice(at + 1).trim() };
}

/** "on", "yes", "enabled" and "true" are true, their opposites false, all else ("n/a", "Unknown") undefined. */
export function onOff(value: string | undefined): boolean | undefined {
  switch (value?.toLowerCase().split(/[\s([]/, 1)[0]) {
    case 'on':
    case 'yes':
    case 'true':
    case 'enabled':
      return true;
    case 'off':
    case 'no':
    case 'false':
    case 'disabled':
      return false;
    default:
      return undefined;
  }
}

/**
 * A count, decimal or 0x; undefined for "n/a" and whatever else is none. Counters beyond 2^53 are rounded to the nearest
 * number that JavaScript has.
 */
export function count(value: string | undefined): number | undefined {
  if (value === undefined || !/^(?:\d{1,24}|0x[0-9a-f]{1,16})$/i.test(value)) return undefined;
  return Number(value);
}

/** Whether an output is JSON: an object or a list of them. A "[" alone also begins bnxt_en's "[0]: rx_errors" and a prompt. */
export function isJson(text: string): boolean {
  return /^\s*(?:\{|\[\s*[{\]])/.test(text);
}

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first interface of a JSON output, which is a list of one object an interface. @throws Unavailable nonsense */
export function jsonOf(form: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Unavailable('nonsense', `the JSON of ${form} is broken`, error);
  }
  const first = Array.isArray(value) ? value[0] : value;
  if (!isObject(first)) throw new Unavailable('nonsense', `the JSON of ${form} has no interface in it`);
  return first;
}

/** A number, switch or text of JSON as the text form prints it, so that both go through the same code. */
export function jsonText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** What a shell, sudo or busybox says where the program is not there. */
const NO_ETHTOOL = /(?:command|applet|ethtool:) not found|no such file or directory$/im;

/** What ethtool says in place of an output, by what it means. Errors of the kernel come with the words of strerror(3). */
const REFUSALS: readonly (readonly [RegExp, UnavailableKind])[] = [
  [
    /operation not supported|not supported by|no stats available|no private flags|no data available/i,
    'absent',
  ],
  [/no such device|no module present|no such device or address/i, 'absent'],
  [/operation not permitted|permission denied/i, 'denied'],
  [
    /bad command line|unrecognized option|unknown option|unrecognized parameter|invalid option/i,
    'missing-tool',
  ],
  [NO_ETHTOOL, 'missing-tool'],
  [/connection timed out|timer expired/i, 'timeout'],
  [/error|cannot|failed|busy|invalid argument|unavailable/i, 'failed'],
];

/** A value without what somebody wrote behind it: "511   // the most there is". Reports go from hand to hand with such notes. */
export function uncommented(value: string): string {
  return value.replace(/\s{2,}(?:\/\/|#|<-|←).*$|\s(?:\/\/|#) .*$/, '').trimEnd();
}

/**
 * Why an output has nothing of its form in it: ethtool's own words where it refused, else "nonsense".
 * @param form the command, for the message: "ethtool -g"
 */
export function refusal(form: string, text: string): Unavailable {
  // Old versions break the line within the sentence, so all of them together are looked at.
  const said = lines(text.slice(0, 65_536)).slice(0, 50).join('\n');
  const [pattern, kind] = REFUSALS.find(([one]) => one.test(said)) ?? [];
  if (kind === 'missing-tool')
    return new Unavailable(
      kind,
      NO_ETHTOOL.test(said) ? 'there was no ethtool' : `this ethtool does not know ${form}`,
    );
  if (pattern !== undefined && kind !== undefined) {
    const line = said.split('\n').find((one) => pattern.test(one)) ?? '';
    return new Unavailable(kind, `${form}: ${line.replace(/^[\s:]+/, '').slice(0, 200)}`);
  }
  // A driver without a single one of the values: the headline stands alone ("Module parameters for lo:").
  if (/^(?:[A-Z][\w ]{1,60} for [^\s]{1,20}:)?$/.test(text.trim().slice(0, 100)))
    return new Unavailable('absent', `${form} printed no value`);
  return new Unavailable('nonsense', `${form} printed something that is not in its format`);
}
