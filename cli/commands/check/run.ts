/** `nodectl check`: walks the way to each node and says where it ends. */

import type { Failure } from '../../../proto/failure.ts';
import { compareNames } from '../../fleet/names.ts';
import type { Target } from '../../fleet/target.ts';
import { EXIT, exitOfAll } from '../../output/exit-codes.ts';
import { errorObject, formatOf, isForPeople, printItems } from '../../output/format.ts';
import type { Session } from '../../session.ts';
import { type Step, type StepStatus, walk } from './walk.ts';

/** So many nodes are walked to at once. */
const AT_ONCE = 16;
const DEFAULT_TIMEOUT_MS = 5_000;

interface Walked {
  node: string;
  steps: Step[];
}

export async function run(session: Session): Promise<number> {
  const format = formatOf(session);
  const targets = await session.targets();
  const walks = await walkAll(session, targets);
  const rows = walks.flatMap(({ node, steps }) => steps.map((step) => ({ node, ...step })));
  if (format.name === 'table' || format.name === 'wide')
    for (const one of walks) await printWalk(session, one);
  else
    await printItems(session, rows, {
      columns: [],
      json: ({ node, step, status, address, detail, failure }) => ({
        node,
        step,
        status,
        ...(address ? { address } : {}),
        detail,
        ...(failure ? { error: errorObject(failure) } : {}),
      }),
      name: ({ node, step, status }) => `${node}/${step}/${status}`,
    });
  // A node is reached where its last step is one that only an answer gives.
  const failures = walks.flatMap(({ steps }): Failure[] => {
    const last = steps.at(-1);
    return last?.status === 'failed' && last.failure ? [last.failure] : [];
  });
  const status = exitOfAll(failures, walks.length - failures.length);
  const warned = rows.some((row) => row.status !== 'ok');
  if (status === EXIT.ok && warned && isForPeople(format)) session.terminal.note('Reached, with warnings.');
  return status === EXIT.ok && warned ? EXIT.warnings : status;
}

async function walkAll(session: Session, targets: readonly Target[]): Promise<Walked[]> {
  const context = await session.context();
  const timeoutMs = session.options.timeout === undefined ? DEFAULT_TIMEOUT_MS : session.limits().timeoutMs;
  const walks: Walked[] = [];
  const waiting = [...targets];
  const worker = async () => {
    for (let target = waiting.shift(); target && !session.signal.aborted; target = waiting.shift()) {
      const { open, signal } = session;
      const limit = timeoutMs ?? DEFAULT_TIMEOUT_MS;
      walks.push({
        node: target.name,
        steps: await walk({ target, context, open, timeoutMs: limit, signal }),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return walks.sort((a, b) => compareNames(a.node, b.node));
}

const MARKS: Record<StepStatus, [mark: string, style: 'green' | 'yellow' | 'red']> = {
  ok: ['ok  ', 'green'],
  warning: ['warn', 'yellow'],
  failed: ['FAIL', 'red'],
};

async function printWalk({ terminal }: Session, { node, steps }: Walked): Promise<void> {
  await terminal.line(terminal.style('bold', node));
  let address = '';
  for (const step of steps) {
    if (step.address !== address) {
      address = step.address;
      await terminal.line(`  ${address}`);
    }
    const [mark, style] = MARKS[step.status];
    const indent = address ? '    ' : '  ';
    const code = step.failure ? ` [${step.failure.reason}]` : '';
    await terminal.line(
      `${indent}${terminal.style(style, mark)} ${step.step.padEnd(11)} ${terminal.safe(step.detail)}${code}`,
    );
    if (step.failure?.hint) await terminal.line(`${indent}     hint: ${terminal.safe(step.failure.hint)}`);
  }
}
