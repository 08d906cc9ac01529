/** `nodectl diag --explain ID`. */

import { nearest } from '../../../proto/did-you-mean.ts';
import { Failure } from '../../../proto/failure.ts';
import type { ThresholdInfo__Output as ThresholdInfo } from '../../../proto/gen/types/nodectl/v1/ThresholdInfo.ts';
import { type Explanation, explanations } from '../../diag/catalogue.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { foldNames } from '../../fleet/names.ts';
import { wrap } from '../../help/wrap.ts';
import { formatOf, isForPeople, printItems } from '../../output/format.ts';
import { flag, list, type Session, text } from '../../session.ts';

/** A pipe has no width, but sentences without line breaks cannot be read. */
const PIPE_WIDTH = 100;
const MAX_WIDTH = 120;
const INDENT = 2;

/** A threshold that is another on some nodes than where nothing is configured. */
interface Moved {
  readonly name: string;
  readonly value: number;
  readonly nodes: string[];
}

/** Explains a check. Asks no node but those that are named: of these it tells thresholds that are configured otherwise. */
export async function explainCheck(session: Session, id: string): Promise<number> {
  const all = await explanations();
  const found = all.find(({ info }) => info.id === id);
  if (!found) {
    const near = nearest(
      id,
      all.map(({ info }) => info.id),
    );
    throw new Failure('UNKNOWN_CHECK', `there is nothing of the name "${id.slice(0, 80)}" to explain`, {
      hint: near ? `did you mean ${near}?` : 'nodectl diag --list shows all checks',
    });
  }
  const moved = await movedThresholds(session, id);
  if (isForPeople(formatOf(session)))
    await session.terminal.write(`${page(session, found, moved).join('\n')}\n`);
  else
    await printItems(session, [found], {
      columns: [],
      json: ({ info, more }) => ({ ...info, moved, more }),
      name: ({ info }) => info.id,
    });
  return 0;
}

async function movedThresholds(session: Session, id: string): Promise<Moved[]> {
  const isNamed =
    list(session, 'node').length > 0 || text(session, 'selector') !== undefined || flag(session, 'all');
  if (!isNamed) return [];
  const results = await fanOut(session, await session.targets(), (channel) =>
    channel.unary('nodectl.v1.DiagnosticsService/ListChecks', {}, session.limits()),
  );
  const moved = new Map<string, Moved>();
  for (const result of results) {
    if ('failure' in result) throw result.failure;
    for (const { name, value, defaultValue } of result.value.checks.find((one) => one.id === id)
      ?.thresholds ?? []) {
      if (value === defaultValue) continue;
      const key = `${name}\0${value}`;
      const entry = moved.get(key) ?? { name, value, nodes: [] };
      moved.set(key, entry);
      entry.nodes.push(result.node);
    }
  }
  return [...moved.values()];
}

function page({ terminal }: Session, { info, more }: Explanation, moved: readonly Moved[]): string[] {
  const width = Math.min(terminal.width ?? PIPE_WIDTH, MAX_WIDTH);
  const block = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : ['', terminal.style('bold', title), ...lines.map((line) => ' '.repeat(INDENT) + line)];
  const wrapped = (words: string, indent = INDENT) => wrap(words, width, indent);
  const { id, area, title: looksFor, about, reads, thresholds, links } = info;
  return [
    `${terminal.style('bold', id)} (${area})`,
    wrapped(`${looksFor}.`, 0),
    '',
    wrapped(about, 0),
    ...block(
      'Reads',
      reads.map((one) => wrapped(one)),
    ),
    ...block(
      'Thresholds',
      thresholds.flatMap((one) => thresholdLines(one, moved, wrapped)),
    ),
    ...more.flatMap(({ title, lines }) =>
      block(
        title,
        lines.map((one) => wrapped(one)),
      ),
    ),
    ...block('Links', links),
  ];
}

function thresholdLines(
  { name, defaultValue, unit, source }: ThresholdInfo,
  moved: readonly Moved[],
  wrapped: (words: string, indent?: number) => string,
): string[] {
  const amount = (value: number) => `${value}${unit ? ` ${unit}` : ''}`;
  return [
    `${name}: ${amount(defaultValue)}`,
    ...(source ? [`  ${wrapped(source, INDENT + 2)}`] : []),
    ...moved
      .filter((one) => one.name === name)
      .map(({ value, nodes }) => `  configured as ${amount(value)} on ${foldNames(nodes)}`),
  ];
}
