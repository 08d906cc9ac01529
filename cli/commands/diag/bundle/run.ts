/** `nodectl diag bundle`. */

import { Failure } from '../../../../proto/failure.ts';
import { VERSION } from '../../../../proto/version.ts';
import { Archive, type ArchiveSink, fileSink } from '../../../bundle/archive.ts';
import { receiveBundle } from '../../../bundle/receive.ts';
import { quantity } from '../../../diag/text/words.ts';
import { parseDuration } from '../../../duration.ts';
import { fanOut } from '../../../fleet/fan-out.ts';
import { exitOfAll } from '../../../output/exit-codes.ts';
import { errorObject, reportFailures } from '../../../output/report.ts';
import { flag, type Session, text } from '../../../session.ts';

/** A node with much to tell takes seconds; one with a hung disk waits for each of its readers. */
const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** What came of a node before it was done, or failed. */
interface Received {
  files: number;
  bytes: number;
}

export async function run(session: Session): Promise<number> {
  const targets = await session.targets();
  const sink = await sinkOf(session);
  const archive = new Archive(sink);
  const began = Date.now();
  const folder = `nodectl-bundle-${new Date(began).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const add = (path: string, bytes: Buffer) =>
    archive.add({ path: `${folder}/${path}`, bytes, modifiedMs: began });
  const received = new Map<string, Received>();
  const request = {
    withoutLogs: session.options.logs === false,
    withoutHistory: session.options.history === false,
  };
  try {
    const results = await fanOut(session, targets, async (channel, { name }, signal): Promise<Received> => {
      const so: Received = { files: 0, bytes: 0 };
      received.set(name, so);
      for await (const { path, bytes } of receiveBundle(channel, request, {
        timeoutMs: timeoutOf(session),
        signal,
      })) {
        await add(`${name}/${path}`, bytes);
        so.files++;
        so.bytes += bytes.length;
      }
      return so;
    });
    const failures = results.filter((result) => 'failure' in result);
    reportFailures(session.terminal, failures, results.length);
    const status = exitOfAll(
      failures.map(({ failure }) => failure),
      results.length - failures.length,
    );
    if (failures.length === results.length) {
      await archive.abandon();
      return status;
    }
    const nodes = results.map((result) => ({
      ...{ node: result.node, ...(received.get(result.node) ?? { files: 0, bytes: 0 }) },
      ...('failure' in result ? { error: errorObject(result.failure) } : {}),
    }));
    const index = { version: 1, takenAt: new Date(began).toISOString(), nodectlVersion: VERSION, nodes };
    await add('index.json', Buffer.from(`${JSON.stringify(index, null, 1)}\n`));
    await archive.finish();
    const files = nodes.reduce((sum, one) => sum + one.files, 0);
    const where = toStdout(session) ? '' : ` in ${text(session, 'output')}`;
    session.terminal.note(
      `${results.length - failures.length} of ${results.length} nodes, ${files} files, ${quantity(archive.packed, ' B')}${where}`,
    );
    return status;
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

function toStdout(session: Session): boolean {
  return text(session, 'output') === '-';
}

async function sinkOf(session: Session): Promise<ArchiveSink> {
  const output = text(session, 'output');
  if (output === undefined)
    throw new Failure('BAD_ARGUMENT', 'it is not said where the bundle goes', {
      hint: 'name a file: -o bundle.tar.zst; "-" is standard output',
    });
  const { terminal } = session;
  if (output !== '-') return fileSink(output, flag(session, 'force'));
  if (terminal.isTerminal)
    throw new Failure('BAD_ARGUMENT', 'an archive is nothing to look at on a terminal', {
      hint: 'name a file: -o bundle.tar.zst',
    });
  return {
    write: async (bytes) => {
      await terminal.write(bytes);
      if (terminal.gone) throw new Failure('CANCELLED', 'whoever read the archive has gone');
    },
    done: async () => undefined,
    abandon: async () => undefined,
  };
}

function timeoutOf(session: Session): number {
  const given = text(session, 'timeout');
  return given === undefined ? DEFAULT_TIMEOUT_MS : (parseDuration(given) ?? DEFAULT_TIMEOUT_MS);
}
