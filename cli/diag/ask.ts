/**
 * The same question about the state of machines, put to nodes or, with --from, to captured ones. A captured machine is
 * answered for by the agent's own code in this process.
 */

import { statSync } from 'node:fs';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import { fanOut, type Result } from '../fleet/fan-out.ts';
import { flag, list, type Session } from '../session.ts';
import { filesInWords, machinesIn } from './captured-folders.ts';

/** What is asked of one node. */
export type Question<T> = (channel: Channel, node: string, signal: AbortSignal) => Promise<T>;

/** Asks the chosen nodes, or the captured machines of --from. One result each, in a stable order. Throws BAD_ARGUMENT. */
export async function askMachines<T>(session: Session, question: Question<T>): Promise<Result<T>[]> {
  const folders = list(session, 'from');
  if (folders.length === 0)
    return fanOut(session, await session.targets(), (channel, target, signal) =>
      question(channel, target.name, signal),
    );
  const results: Result<T>[] = [];
  for (const from of folders) {
    const archive = statSync(from, { throwIfNoEntry: false })?.isFile()
      ? await (await import('../bundle/unpack.ts')).unpackArchive(from)
      : undefined;
    try {
      results.push(...(await askFolder(session, archive?.folder ?? from, question)));
    } finally {
      archive?.remove();
    }
  }
  return results;
}

/** Asks the captured machines in a folder. */
async function askFolder<T>(session: Session, folder: string, question: Question<T>): Promise<Result<T>[]> {
  const { openCaptured } = await import('./captured.ts');
  const results: Result<T>[] = [];
  for (const one of machinesIn(folder)) {
    const { node, channel, files } = openCaptured(one);
    try {
      results.push({ node, value: await question(channel, node, session.signal) });
      for (const line of filesInWords(node, files(), flag(session, 'verbose'))) session.terminal.note(line);
    } catch (error) {
      results.push({ node, failure: Failure.from(error) });
    }
  }
  return results;
}
