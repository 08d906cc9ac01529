/** `nodectl diag scan`. */

import { Failure } from '../../../../proto/failure.ts';
import { refuseForeign } from '../../../bundle/file-kind.ts';
import { peek, unpacked } from '../../../bundle/unpacked.ts';
import { counted } from '../../../diag/text/footer.ts';
import { nameOf, toldWhileSilent } from '../../../diag/waiting.ts';
import { isTarHeader } from '../../../image/layout/tar-index.ts';
import { EXIT } from '../../../output/exit-codes.ts';
import { formatOf, printItems, type Shape } from '../../../output/format.ts';
import { visibleJson } from '../../../output/visible.ts';
import type { Session } from '../../../session.ts';
import { groupJson, groupLines, hitJson, summary } from './show.ts';
import { openSource, unreadable } from './source.ts';
import { type Group, hostsOf, toldOf } from './told.ts';

export async function run(session: Session): Promise<number> {
  const { terminal, signal } = session;
  const [name = '-'] = session.args;
  const format = formatOf(session);
  const source = await openSource(name, signal);
  const bytes = toldWhileSilent(name, source.bytes, terminal);
  const zeros = { count: 0 };
  const { openScan } = await import('../../../diag/captured.ts');
  const scan = (await openScan())(textIn(name, bytes, zeros), source.referenceMs);
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
          if (zeros.count > 0)
            terminal.warn(`${nameOf(name)} has ${counted(zeros.count, 'zero byte')}, which were left out`);
          terminal.note(summary(matched, lines, groups));
        } else if (format.name !== 'jsonl')
          await printItems(session, groups, shapeOf(groups), {
            lines,
            matched,
            ...(overflow > 0 ? { unnamed: overflow } : {}),
          });
        // Each line has its own names in -o jsonl.
        if (overflow > 0 && format.name !== 'jsonl')
          terminal.warn(
            `${counted(overflow, 'line')} of further devices and machines: counted by trouble, without their names, which -o jsonl has`,
          );
        return exitOf(groups);
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

/**
 * What is scanned: without its packing, and without its zero bytes, which are counted.
 * @throws Failure BAD_ARGUMENT for what is no text, an Error where it cannot be read or unpacked
 */
async function* textIn(
  name: string,
  source: AsyncIterable<Buffer>,
  zeros: { count: number },
): AsyncGenerator<Buffer, void, undefined> {
  const { head, bytes } = await peek(unpacked(source));
  if (isTarHeader(head))
    throw new Failure('BAD_ARGUMENT', `${nameOf(name)} is an archive of tar`, {
      hint: 'nodectl diag --from looks at what is in it',
    });
  refuseForeign(nameOf(name), head);
  for await (const piece of bytes) {
    if (!piece.includes(0)) {
      yield piece;
      continue;
    }
    // Blocks that were never written, of a machine that lost its power: the line behind them is whole.
    const text = Buffer.from(piece.filter((byte) => byte !== 0));
    zeros.count += piece.length - text.length;
    yield text;
  }
}

function exitOf(groups: readonly Group[]): number {
  const severities = new Set(groups.map(({ signature }) => signature.severity));
  if (severities.has('critical')) return EXIT.criticals;
  return severities.has('warning') ? EXIT.warnings : EXIT.ok;
}
