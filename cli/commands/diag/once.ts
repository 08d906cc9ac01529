/** One look at the fleet. */

import { Failure } from '../../../proto/failure.ts';
import { askFleet, type FleetAnswer, isWantedOfFleet, type Wanted } from '../../diag/ask-fleet.ts';
import { foldFleet } from '../../diag/fold/fold.ts';
import { bySeverity, type FoldedFleet, type NodeReport, SEVERITIES } from '../../diag/fold/model.ts';
import { type DiagItem, diagItems, itemJson, summaryJson } from '../../diag/json.ts';
import { composePage } from '../../diag/text/page.ts';
import { EXIT, exitOfAll } from '../../output/exit-codes.ts';
import { formatOf, isForPeople, printItems } from '../../output/format.ts';
import { flag, list, type Session, text } from '../../session.ts';

/** Lines on a terminal: what one takes in at a glance. */
export const MAX_LINES = 20;

/** A look at the fleet: what came back, and folded. */
export interface Look {
  readonly answer: FleetAnswer;
  /** Without troubles that --severity leaves out. */
  readonly fleet: FoldedFleet;
}

/** Looks once, as the options say. */
export async function look(session: Session): Promise<Look> {
  const wanted: Wanted = { areas: session.args, checks: list(session, 'check') };
  const asked = await askFleet(session, wanted);
  const fleet = foldFleet(asked.reports, isWantedOfFleet(wanted));
  const answer =
    list(session, 'from').length === 0
      ? asked
      : {
          ...asked,
          failures: [
            ...asked.failures,
            ...asked.reports.flatMap(notAllRead),
            ...fleet.unjudged.map(nothingJudged),
          ],
        };
  const least = SEVERITIES.find((one) => one === text(session, 'severity')) ?? 'info';
  return {
    answer,
    fleet: { ...fleet, troubles: fleet.troubles.filter(({ severity }) => bySeverity(severity, least) <= 0) },
  };
}

/** What was captured for nothing: a live node may be without all that was asked for, but who names a file wants it read. */
function nothingJudged(node: string): FleetAnswer['failures'][number] {
  const failure = new Failure(
    'BAD_ARGUMENT',
    'nothing that was asked for could be judged from what is there',
    {
      hint: '--verbose tells why; a log of the kernel of any kind: nodectl diag scan FILE',
    },
  );
  return { node, failure };
}

/** What was not read of a captured machine before the time was over: what was found until then is told all the same. */
function notAllRead({ node, answer }: NodeReport): FleetAnswer['failures'] {
  return answer.problems
    .filter(({ what, kind }) => what === 'the captured folder' && kind === 'timeout')
    .map(({ why }) => ({
      node,
      failure: new Failure('DEADLINE_EXCEEDED', `not all was read: ${why}`, {
        hint: '--timeout 5m gives it more',
      }),
    }));
}

/** The exit status: nodes that did not answer hide no critical, and a warning does not hide them. */
export function statusOf({ answer: { failures, reports }, fleet: { troubles } }: Look): number {
  const has = (wanted: string) => troubles.some(({ severity }) => severity === wanted);
  if (has('critical')) return EXIT.criticals;
  const failed = exitOfAll(
    failures.map(({ failure }) => failure),
    reports.filter(({ node }) => !failures.some((one) => one.node === node)).length,
  );
  if (failed !== EXIT.ok) return failed;
  return has('warning') ? EXIT.warnings : EXIT.ok;
}

/** The first item of each id. */
function ids(items: readonly DiagItem[]): DiagItem[] {
  const byId = new Map<string, DiagItem>();
  for (const item of items)
    if (item.type === 'trouble' && !byId.has(item.trouble.id)) byId.set(item.trouble.id, item);
  return [...byId.values()];
}

/** Looks once and prints what was found. */
export async function diagnoseOnce(session: Session): Promise<number> {
  const format = formatOf(session);
  const found = await look(session);
  const { answer, fleet } = found;
  const { terminal } = session;
  if (!isForPeople(format) || format.name === 'name') {
    const items = diagItems(fleet, answer.failures);
    const shown = format.name === 'name' ? ids(items) : items;
    await printItems(
      session,
      shown,
      {
        columns: [],
        json: itemJson,
        name: (item) => (item.type === 'trouble' ? item.trouble.id : ''),
      },
      { summary: summaryJson(fleet, answer.asked) },
    );
  } else {
    const width = format.name === 'wide' ? undefined : terminal.width;
    const { lines, failures } = composePage(
      { fleet, ...answer },
      {
        width,
        height: width === undefined ? undefined : MAX_LINES - (session.noted ?? 0),
        verbose: flag(session, 'verbose'),
        style: (style, words) => terminal.style(style, words),
      },
    );
    if (lines.length > 0) await terminal.write(`${lines.join('\n')}\n`);
    for (const line of failures) terminal.stderr.write(`${terminal.styleError('red', 'error:')} ${line}\n`);
  }
  return statusOf(found);
}
