/** `nodectl config capture`. */

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import { makeFolder } from '../../../proto/make-folder.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { foldNames } from '../../fleet/names.ts';
import { notWritten } from '../../not-written.ts';
import { exitOfAll } from '../../output/exit-codes.ts';
import { reportFailures } from '../../output/report.ts';
import { type Session, text } from '../../session.ts';

/** Several programs of the node are asked. */
const CAPTURE_MS = 60_000;

export async function run(session: Session): Promise<number> {
  const { terminal } = session;
  const to = text(session, 'to');
  const targets = await session.targets();
  if (to !== undefined) {
    folderFor(to);
    const there = targets.map(({ name }) => join(to, `${name}.yaml`)).find((path) => existsSync(path));
    if (there !== undefined)
      throw new Failure('BAD_ARGUMENT', `${there} is there already`, {
        hint: 'move it away, or choose another folder',
      });
  }
  const results = await fanOut(session, targets, (channel) =>
    channel.unary(
      'nodectl.v1.ConfigService/CaptureConfig',
      {},
      { ...session.limits(), timeoutMs: CAPTURE_MS },
    ),
  );
  // Nodes of a kind have the same parts that no document describes: each is said once, with all of them.
  const leftOut = new Map<string, string[]>();
  for (const result of results) {
    if ('failure' in result) continue;
    const { node, value } = result;
    if (to !== undefined) write(join(to, `${node}.yaml`), value.document);
    else
      await terminal.write(`${targets.length > 1 ? `---\n# ${node}\n` : ''}${terminal.safe(value.document)}`);
    for (const sentence of value.leftOut) leftOut.set(sentence, [...(leftOut.get(sentence) ?? []), node]);
  }
  for (const [sentence, names] of leftOut) terminal.note(`${foldNames(names)}: left out: ${sentence}`);
  const failures = results.filter((result) => 'failure' in result);
  reportFailures(terminal, failures, results.length);
  return exitOfAll(
    failures.map(({ failure }) => failure),
    results.length - failures.length,
  );
}

function folderFor(path: string): void {
  try {
    makeFolder(path);
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

function write(path: string, document: string): void {
  try {
    writeFileSync(path, document, { flag: 'wx' });
  } catch (cause) {
    // Half a document would be taken for a whole one.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(path, { force: true });
    throw notWritten(path, cause);
  }
}
