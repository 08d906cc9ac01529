/** `nodectl diag --watch`: the page drawn anew on a terminal; on a pipe, or with -o jsonl, what changes. */

import { Failure } from '../../../proto/failure.ts';
import { type Change, ChangeLog } from '../../diag/changes.ts';
import { MARKS } from '../../diag/text/layout.ts';
import { composePage } from '../../diag/text/page.ts';
import { parseDuration } from '../../duration.ts';
import { foldNames } from '../../fleet/names.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { formatOf } from '../../output/format.ts';
import { visibleName } from '../../output/visible.ts';
import { cut } from '../../output/width.ts';
import { flag, list, type Session } from '../../session.ts';
import { type Look, look, MAX_LINES, statusOf } from './once.ts';

const DEFAULT_MS = 10_000;
/** More often the nodes would do little else. */
const MIN_MS = 1_000;
const MAX_MS = 86_400_000;

/** Looks again and again until Ctrl-C; the exit status is that of the last look. */
export async function watchFleet(session: Session, interval: string | undefined): Promise<number> {
  const pause = interval === undefined ? DEFAULT_MS : intervalMs(interval);
  const { name } = formatOf(session);
  if (name !== 'table' && name !== 'wide' && name !== 'jsonl')
    throw new Failure('BAD_ARGUMENT', `--watch does not know the format ${name}`, {
      hint: 'write -o jsonl for a program, or none',
    });
  if (list(session, 'from').length > 0)
    throw new Failure('BAD_ARGUMENT', 'a captured machine does not change: there is nothing to watch', {
      hint: 'write --watch without --from',
    });
  const show =
    name === 'jsonl' || !session.terminal.isTerminal ? changes(session, name === 'jsonl') : frames(session);
  session.endsByInterrupt = true;
  let status: number | undefined;
  while (!session.signal.aborted && !session.terminal.gone) {
    try {
      const found = await look(session);
      status = statusOf(found);
      await show(found);
    } catch (error) {
      // Ctrl-C in the middle of a look ends it; the look before is what counts.
      if (!session.signal.aborted) throw error;
    }
    await sleep(pause, session.signal);
  }
  return status ?? EXIT.interrupted;
}

function intervalMs(text: string): number {
  const milliseconds = /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : parseDuration(text);
  if (milliseconds !== undefined && milliseconds >= MIN_MS && milliseconds <= MAX_MS) return milliseconds;
  throw new Failure('BAD_ARGUMENT', `--watch ${text.slice(0, 40)} is not a usable interval`, {
    hint: 'write seconds, as in --watch 30, or a duration from 1s to 1d',
  });
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

/** Draws pages over each other. */
function frames(session: Session): (found: Look) => Promise<void> {
  const { terminal } = session;
  return async ({ answer, fleet }) => {
    const { width } = terminal;
    const { lines, failures } = composePage(
      { fleet, ...answer },
      {
        ...{ width, height: MAX_LINES - 1, verbose: flag(session, 'verbose') },
        style: (style, words) => terminal.style(style, words),
      },
    );
    const head = terminal.style('dim', `${new Date().toLocaleTimeString('en-GB')}  Ctrl-C ends`);
    const all = [head, ...lines, ...failures.map((line) => cut(`error: ${line}`, width ?? line.length))];
    // To the upper left corner, and what is left of an older page is wiped away.
    await terminal.write(`\x1b[H\x1b[2J${all.join('\n')}\n`);
  };
}

/** Writes what changed, the first look as all new. */
function changes(session: Session, asJson: boolean): (found: Look) => Promise<void> {
  const log = new ChangeLog();
  const { terminal } = session;
  return async ({ answer, fleet }) => {
    const shown = new Set(fleet.troubles.map(({ id, severity }) => `${id}\0${severity}`));
    const all = log
      .take(
        fleet.reports,
        answer.failures.map(({ node }) => node),
      )
      .filter(
        ({ change, finding }) =>
          !finding || change === 'gone' || shown.has(`${finding.id}\0${finding.severity}`),
      );
    const time = new Date().toISOString().replace(/\.\d+/, '');
    if (asJson)
      await terminal.write(
        all
          .map(({ change, node, finding }) => `${JSON.stringify({ time, change, node, ...finding })}\n`)
          .join(''),
      );
    else for (const line of folded(all)) await terminal.line(`${time}  ${line}`);
  };
}

/** The same change on many nodes is one line. */
function folded(all: readonly Change[]): string[] {
  const groups = new Map<string, { one: Change; nodes: string[] }>();
  for (const one of all) {
    const key = JSON.stringify([one.change, one.finding]);
    const group = groups.get(key) ?? { one, nodes: [] };
    groups.set(key, group);
    group.nodes.push(one.node);
  }
  return [...groups.values()].map(({ one: { change, finding }, nodes }) => {
    const names = foldNames(nodes);
    if (!finding) return visibleName(`${names} ${change === 'silent' ? 'does not answer' : 'answers again'}`);
    const { severity, title, subject, id } = finding;
    return visibleName(
      `${change.padEnd(4)}  ${MARKS[severity].mark}  ${names}  ${title}${subject ? ` (${subject})` : ''} [${id}]`,
    );
  });
}
