/** From what was typed to what a node is asked: every condition is checked here, before any connection. */

import { Failure } from '../../proto/failure.ts';
import { MAX_FIELDS, MAX_PATTERN, MAX_TAIL } from '../../proto/log-limits.ts';
import { parseWhen } from '../when.ts';
import { parsePriorities } from './priority.ts';
import type { LogRequest } from './stream.ts';

/** The conditions as they were typed. */
export interface SelectionFlags {
  since?: string | undefined;
  until?: string | undefined;
  boot?: string | undefined;
  grep?: string | undefined;
  ignoreCase?: boolean | undefined;
  priority?: string | undefined;
  tail?: string | undefined;
  follow?: boolean | undefined;
  fields?: string | undefined;
}

/** How the command that asks reads some of them. */
export interface SelectionRules {
  /** What one priority alone means, see `parsePriorities`. */
  priorityAlone: 'andMoreSevere' | 'exactly';
  /** How many records come first where `--follow` is given without a beginning; undefined for all. */
  followTail: number | undefined;
}

/** Clocks of two machines may differ by this without anybody having made a mistake. */
const SKEW_MS = 300_000;

/**
 * The request that the flags mean, without source and cursor.
 * @throws Failure BAD_TIME, BAD_PATTERN or BAD_ARGUMENT for a flag that means nothing
 */
export function selection(flags: SelectionFlags, rules: SelectionRules, now: Date = new Date()): LogRequest {
  const sinceUsec = flags.since === undefined ? 0 : parseWhen(flags.since, '--since', now);
  const untilUsec = flags.until === undefined ? 0 : parseWhen(flags.until, '--until', now);
  checkTimes(flags, sinceUsec, untilUsec, now);
  const follow = flags.follow ?? false;
  if (follow && flags.until !== undefined)
    throw new Failure('BAD_ARGUMENT', '--follow has no end, so --until says nothing', {
      hint: 'leave one of the two out',
    });
  const beginning = flags.since !== undefined || flags.tail !== undefined || flags.boot !== undefined;
  return {
    source: '',
    sinceUsec,
    untilUsec,
    boot: bootOf(flags.boot),
    grep: patternOf(flags.grep),
    grepIgnoreCase: flags.ignoreCase ?? false,
    priorities: flags.priority === undefined ? [] : parsePriorities(flags.priority, rules.priorityAlone),
    tail: follow && !beginning ? rules.followTail : tailOf(flags.tail),
    follow,
    cursor: '',
    fields: fieldsOf(flags.fields),
  };
}

function checkTimes(flags: SelectionFlags, since: number, until: number, now: Date): void {
  if (since > (now.getTime() + SKEW_MS) * 1_000)
    throw new Failure('BAD_TIME', `"${flags.since}" after --since is in the future`, {
      hint: /^\s*\d{1,2}:\d/.test(flags.since ?? '')
        ? `a time of day means today; write "yesterday ${flags.since?.trim()}"`
        : 'logs begin in the past',
    });
  if (until && since >= until)
    throw new Failure('BAD_TIME', `--since ${flags.since} is not before --until ${flags.until}`, {
      hint: 'spans count back from now, so the longer one begins: --since 2h --until 1h',
    });
}

function bootOf(text: string | undefined): string {
  const boot = (text ?? '').trim().toLowerCase();
  const id = boot.replaceAll('-', '');
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  if (boot === '0' || boot === 'this' || boot === 'current') return '0';
  if (boot === 'previous' || /^-[1-9]\d{0,5}$/.test(boot)) return boot === 'previous' ? '-1' : boot;
  if (text === undefined || boot === 'all') return '';
  throw new Failure('BAD_ARGUMENT', `"${text}" after --boot is not a boot`, {
    hint: 'write this (or 0), previous (or -1), -2 for the one before that, or a boot id of 32 hexadecimal digits',
  });
}

/** The node compiles the pattern again, for a linear-time engine; what is no pattern at all is refused here. */
function patternOf(text: string | undefined): string {
  if (text === undefined) return '';
  if (text === '')
    throw new Failure('BAD_PATTERN', 'the pattern after --grep is empty', {
      hint: 'leave --grep out to see everything',
    });
  if (text.length > MAX_PATTERN)
    throw new Failure(
      'BAD_PATTERN',
      `the pattern after --grep has ${text.length} characters; a node takes ${MAX_PATTERN}`,
    );
  try {
    new RegExp(text);
  } catch (error) {
    const why = String((error as Error).message).replace(/^Invalid regular expression: /, '');
    throw new Failure('BAD_PATTERN', `the pattern after --grep is not valid: ${why}`, {
      hint: /^\(\?[a-z]+\)/.test(text)
        ? 'to ignore case add -i in place of (?i)'
        : 'put a backslash before characters that are meant as they are: \\( \\) \\[ \\. \\* \\+ \\?',
    });
  }
  // Valid here, and something that nobody means: one of the letters in the name, and then a bracket.
  const posix = /\[\[:(\w+):\]/.exec(text);
  if (posix)
    throw new Failure('BAD_PATTERN', `the pattern after --grep has the class "[:${posix[1]}:]" of grep`, {
      hint: 'write \\d for digits, \\s for space, \\w for letters, digits and underscores, [a-z] or [A-Z] for letters',
    });
  return text;
}

function tailOf(text: string | undefined): number | undefined {
  if (text === undefined || text === 'all') return undefined;
  const tail = Number(text);
  if (!/^\d+$/.test(text) || tail > MAX_TAIL)
    throw new Failure('BAD_ARGUMENT', `"${text}" after --tail is not a number of records`, {
      hint: 'nodes are chosen with -n; --tail 100 shows the newest hundred records of each node',
    });
  return tail;
}

function fieldsOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  if (
    names.length > MAX_FIELDS ||
    !names.every((name) => name === '*' || /^[A-Za-z0-9_.-]{1,64}$/.test(name))
  )
    throw new Failure('BAD_ARGUMENT', `"${text}" after --fields is not a list of field names`, {
      hint: "write names with commas between, for example --fields _UID,_EXE, or --fields '*' for all",
    });
  return names;
}
