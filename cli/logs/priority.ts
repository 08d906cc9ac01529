/** Priorities by name, number, list and range, as `--priority` and `--level` take them. Names are those of syslog(3). */

import { Failure } from '../../proto/failure.ts';
import { PRIORITIES } from '../../proto/syslog.ts';

const ALIASES: Record<string, number> = { panic: 0, emergency: 0, critical: 2, error: 3, warn: 4 };

/**
 * The priorities that a text asks for, ascending: "err" or "3", a range "err..warning", a list "err,info", "warning+"
 * (this and more severe) and "+warning" (this and less severe).
 * @param alone what one name without a sign means: `andMoreSevere`, as journalctl has it, or `exactly`, as dmesg has it
 * @throws Failure BAD_ARGUMENT for anything else
 */
export function parsePriorities(text: string, alone: 'andMoreSevere' | 'exactly'): number[] {
  const parts = text.split(',').map((part) => part.trim());
  const wanted = new Set<number>();
  for (const part of parts) {
    const [from, to] = bounds(part, text, alone === 'andMoreSevere' && parts.length === 1);
    for (let level = from; level <= to; level++) wanted.add(level);
  }
  return [...wanted].sort((a, b) => a - b);
}

function bounds(part: string, text: string, andMoreSevere: boolean): [from: number, to: number] {
  const range = part.split('..');
  if (range.length === 2) {
    const ends = range.map((end) => number(end, text)) as [number, number];
    return [Math.min(...ends), Math.max(...ends)];
  }
  if (part.endsWith('+')) return [0, number(part.slice(0, -1), text)];
  if (part.startsWith('+')) return [number(part.slice(1), text), 7];
  const level = number(part, text);
  return [andMoreSevere ? 0 : level, level];
}

function number(name: string, text: string): number {
  const lower = name.trim().toLowerCase();
  if (/^[0-7]$/.test(lower)) return Number(lower);
  const found = ALIASES[lower] ?? PRIORITIES.indexOf(lower as (typeof PRIORITIES)[number]);
  if (found >= 0) return found;
  throw new Failure('BAD_ARGUMENT', `"${name}" in "${text}" is not a priority`, {
    hint: `the priorities are ${PRIORITIES.map((one, at) => `${one} (${at})`).join(', ')}; write one, or a range such as err..warning`,
  });
}
