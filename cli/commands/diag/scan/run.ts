/** `nodectl diag scan`. */

import { counted } from '../../../diag/text/footer.ts';
import { nameOf, toldWhileSilent } from '../../../diag/waiting.ts';
import { EXIT } from '../../../output/exit-codes.ts';
import { formatOf, printItems, type Shape } from '../../../output/format.ts';
import { errorObject, reportFailure } from '../../../output/report.ts';
import { visibleJson } from '../../../output/visible.ts';
import type { Session } from '../../../session.ts';
import { groupJson, groupLines, hitJson, summary } from './show.ts';
import { openSource, unreadable } from './source.ts';
import { type Reading, textIn } from './text.ts';
import { type Group, hostsOf, toldOf } from './told.ts';

export async function run(session: Session): Promise<number> {
  const { terminal, signal } = session;
  const [name = '-'] = session.args;
  const format = formatOf(session);
  const source = await openSource(name, signal);
  const bytes = toldWhileSilent(name, source.bytes, terminal);
  const reading: Reading = { zeros: 0, broken: undefined };
  const { openScan } = await import('../../../diag/captured.ts');
  const scan = (await openScan())(textIn(name, bytes, reading), source.referenceMs);
  let matched = 0;
  try {
    for (;;) {
      const step = await scan.next();
      if (step.done) {
        const { groups, lines, overflow } = step.value;
        if (format.name === 'table') {
          const told = toldOf(groups);
          for (const [index, one] of told.entries())
            await terminal.write(groupLines(one, terminal, told[index - 1]?.group));
          if (reading.zeros > 0)
            terminal.warn(`${nameOf(name)} has ${counted(reading.zeros, 'zero byte')}, which were left out`);
          terminal.note(summary(matched, lines, groups));
        } else if (format.name !== 'jsonl')
          await printItems(session, groups, shapeOf(groups), {
            lines,
            matched,
            ...(overflow > 0 ? { unnamed: overflow } : {}),
            ...(reading.broken === undefined ? {} : { incomplete: unreadable(name, reading.broken).message }),
          });
        // Each line has its own names in -o jsonl.
        if (overflow > 0 && format.name !== 'jsonl')
          terminal.warn(
            `${counted(overflow, 'line')} of further devices and machines: counted by trouble, without their names, which -o jsonl has`,
          );
        return endOf(session, name, groups, reading);
      }
      matched += step.value.length;
      if (format.name !== 'jsonl') continue;
      const text = step.value.map((hit) => `${JSON.stringify(hitJson(hit))}\n`).join('');
      await terminal.write(terminal.isTerminal ? visibleJson(text) : text);
    }
  } catch (error) {
    throw signal.aborted ? error : unreadable(name, error);
  }
}

/** How groups are listed; whose they are is a column where the log is of several machines. */
function shapeOf(groups: readonly Group[]): Shape<Group> {
  const host = { title: 'HOST', value: ({ host }: Group) => host ?? '' };
  return { ...SHAPE, columns: hostsOf(groups).length > 1 ? [host, ...SHAPE.columns] : SHAPE.columns };
}

const SHAPE: Shape<Group> = {
  columns: [
    { title: 'SEVERITY', value: ({ signature }: Group) => signature.severity, whole: true },
    { title: 'COUNT', value: ({ count }: Group) => String(count), align: 'right', whole: true },
    { title: 'DEVICE', value: ({ device }: Group) => device ?? '' },
    { title: 'SIGNATURE', value: ({ signature }: Group) => signature.id },
    { title: 'FAMILY', value: ({ signature }: Group) => signature.family },
    { title: 'TROUBLE', value: ({ signature }: Group) => signature.title },
  ],
  json: groupJson,
  name: ({ signature }) => signature.id,
};

/** The exit status. What could not be read hides no critical, and a warning does not hide it. @throws Failure where that is what counts */
function endOf(session: Session, name: string, groups: readonly Group[], { broken }: Reading): number {
  const { terminal } = session;
  const status = exitOf(groups);
  if (broken === undefined) return status;
  const failure = unreadable(name, broken);
  if (status !== EXIT.criticals) throw failure;
  // A program that reads JSON reads errors in JSON too.
  if (/^json/.test(formatOf(session).name))
    terminal.stderr.write(`${JSON.stringify({ error: errorObject(failure) })}\n`);
  else reportFailure(terminal, failure);
  return status;
}

function exitOf(groups: readonly Group[]): number {
  const severities = new Set(groups.map(({ signature }) => signature.severity));
  if (severities.has('critical')) return EXIT.criticals;
  return severities.has('warning') ? EXIT.warnings : EXIT.ok;
}
