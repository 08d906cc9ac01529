/** What `nodectl logs` and `nodectl dmesg` have in common: from the command line to the exit status. */

import { optionsOf } from '../common-options.ts';
import { type Context, loadContext } from '../context/contexts.ts';
import { connectNode } from '../fleet/connect.ts';
import { concurrency } from '../fleet/fan-out.ts';
import { chooseTargets, type Target } from '../fleet/target.ts';
import { EXIT, exitOfAll } from '../output/exit-codes.ts';
import { reportFailures } from '../output/report.ts';
import { flag, list, type Session, text } from '../session.ts';
import { resumeCommand } from './command-line.ts';
import { LiveContext } from './live-context.ts';
import { checkStreams, formatOf, type LogFormat, rendererOf, retryFor, sourcesOf } from './plan.ts';
import { type ReadResult, readLogs, type StreamFailure } from './reader.ts';
import { LONGEST_CURSOR, type Place, readCursor, writeCursor } from './resume-cursor.ts';
import { type SelectionFlags, type SelectionRules, selection } from './selection.ts';

/** How long a node may take to begin, where --timeout does not say. */
const ANSWER_WITHIN_MS = 15_000;

/** How a command differs from the other. */
export interface LogCommand {
  rules: SelectionRules;
  /** Units and sources that are read; empty for each node's default. */
  sources: readonly string[];
  /** The text of the option that takes priorities. */
  priority: string | undefined;
  /** What `-o text` looks like. */
  textStyle: 'text' | 'kernel';
  /** `kernel` only. */
  sinceBoot?: boolean;
  facility?: boolean;
  /** Fields that the rendering needs beside those that the user wants. */
  neededFields?: readonly string[];
}

/** Reads and shows logs; gives the exit status. Throws a Failure for what is wrong before anything is read. */
export async function showLogs(session: Session, command: LogCommand): Promise<number> {
  const { terminal } = session;
  const follow = flag(session, 'follow');
  const flags: SelectionFlags = {
    since: text(session, 'since'),
    until: text(session, 'until'),
    boot: text(session, 'boot'),
    grep: text(session, 'grep'),
    ignoreCase: flag(session, 'ignoreCase'),
    priority: command.priority,
    tail: text(session, 'tail'),
    follow,
    fields: text(session, 'fields'),
  };
  const format = formatOf(text(session, 'output'));
  const request = selection(flags, command.rules);
  const retryForMs = retryFor(text(session, 'retryFor'), follow);
  const resume = text(session, 'resume');
  const places = resume === undefined ? [] : readCursor(resume);
  const sources = sourcesOf(command.sources, places);
  // A stream has no time limit; --timeout is how long a node may take to be there, and then to begin.
  const connectTimeoutMs = text(session, 'timeout') === undefined ? undefined : session.limits().timeoutMs;
  const connectAtOnce = concurrency(session);
  const context = await session.context();
  const contexts = await session.contexts();
  const targets = await targetsOf(session, context, places);
  const nodes = targets.map(({ name }) => name);
  checkStreams(nodes, sources, places);
  const needed = format === 'text' ? (command.neededFields ?? []) : [];
  const reported = new Set<string>();
  const report = (failures: readonly StreamFailure[]) =>
    reportFailures(terminal, notReported(failures, reported), targets.length);
  const result = await readLogs({
    targets: targets.map((target) => {
      const live = new LiveContext(context, () => loadContext(contexts, context.name));
      return {
        node: target.name,
        open: (signal, windowBytes) =>
          connectNode(
            target,
            live.next(),
            (one, stop) =>
              session.open({ ...one, ...(connectTimeoutMs ? { connectTimeoutMs } : {}), windowBytes }, stop),
            signal,
          ),
        renewed: () => live.renewed(),
      };
    }),
    sources,
    request: { ...request, fields: [...new Set([...request.fields, ...needed])] },
    places,
    renderer: rendererOf({
      format,
      textStyle: command.textStyle,
      terminal: terminal.isTerminal,
      colour: terminal.colour,
      utc: flag(session, 'utc'),
      nodes: targets.length > 1 && session.options.prefix !== false ? nodes : [],
      nameSources: sources.length > 1,
      sinceBoot: command.sinceBoot ?? false,
      facility: command.facility ?? false,
      hiddenFields: needed.filter((name) => !request.fields.includes(name)),
    }),
    output: terminal,
    tell: (line) => terminal.note(`nodectl: ${line}`),
    // A follow may go on for hours: what failed is said when it fails.
    ...(follow ? { onFailure: (failure: StreamFailure) => report([failure]) } : {}),
    retryForMs,
    signal: session.signal,
    connectAtOnce,
    answerWithinMs: session.limits().timeoutMs ?? ANSWER_WITHIN_MS,
  });
  report(result.failures);
  tellEnd(session, result, format, sources);
  return exitStatus(session, result, targets.length * sources.length);
}

/** The nodes that were chosen; where none were, those of the cursor. */
async function targetsOf(session: Session, context: Context, places: readonly Place[]): Promise<Target[]> {
  const chosen =
    list(session, 'node').length > 0 || text(session, 'selector') !== undefined || flag(session, 'all');
  if (chosen || places.length === 0) return session.targets();
  const nodes = [...new Set(places.map(({ node }) => node))];
  return chooseTargets(context.nodes, { nodes, selector: undefined, all: false }, 'read', context.name);
}

/** The failures that were not told yet: a trouble of a node is told once, though it met several of its streams. */
function notReported(failures: readonly StreamFailure[], reported: Set<string>): StreamFailure[] {
  return failures.filter(({ node, failure }) => {
    const key = `${node}\0${failure.reason}\0${failure.message}`;
    if (reported.has(key)) return false;
    reported.add(key);
    return true;
  });
}

/** What a person should know at the end: what was cut, and how to go on. */
function tellEnd(session: Session, result: ReadResult, format: LogFormat, sources: readonly string[]): void {
  const { terminal, signal } = session;
  if (terminal.gone) return;
  if (result.cut > 0 && format === 'raw')
    terminal.note(`nodectl: ${result.cut} messages were longer than a node sends and are cut`);
  const unfinished = signal.aborted || result.failures.length > 0;
  // Nothing was to be expected of --tail 0, and a follower has seen for itself.
  if (result.shown === 0 && !unfinished && !flag(session, 'follow') && text(session, 'tail') !== '0')
    terminal.note(
      sources.every((source) => source === '')
        ? 'nodectl: there are no such records in the default source, which nodectl logs --list names'
        : 'nodectl: there are no such records',
    );
  if (!(unfinished && result.shown > 0) && !flag(session, 'showCursor')) return;
  const cursor = writeCursor(result.places);
  const { path, args, options, command, env } = session;
  const isWhole = result.places.every((place) => place.cursor !== '');
  // The terminal has written ^C at the beginning of the line.
  if (cursor && signal.aborted && terminal.isErrorTerminal) terminal.note('');
  if (cursor)
    terminal.note(
      `resume: ${resumeCommand({ path, args, options, specs: optionsOf(command), env }, cursor, isWhole)}`,
    );
  else if (result.places.some((place) => place.cursor !== ''))
    terminal.note(
      `nodectl: a cursor for so many streams would be longer than the ${LONGEST_CURSOR} bytes of an argument`,
    );
}

function exitStatus(session: Session, result: ReadResult, streams: number): number {
  if (session.signal.aborted) return EXIT.interrupted;
  const failures = result.failures.map(({ failure }) => failure);
  return exitOfAll(failures, streams - failures.length);
}
