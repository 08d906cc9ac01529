/**
 * The same question about the state of machines, put to nodes or, with --from, to captured ones. A captured machine is
 * answered for by the agent's own code in this process.
 */

import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import { fanOut, type Result } from '../fleet/fan-out.ts';
import { list, type Session } from '../session.ts';

/** What is asked of one node. */
export type Question<T> = (channel: Channel, node: string, signal: AbortSignal) => Promise<T>;

/** Trees that a captured machine has at least one of. */
const MARKS = ['proc', 'sys', 'tools', 'sos_commands'];

/** How the one folder in the archive of a bundle begins. */
const BUNDLE = 'nodectl-bundle-';

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
      results.push(...(await askFolder(archive?.folder ?? from, question, session.signal)));
    } finally {
      archive?.remove();
    }
  }
  return results;
}

/** Asks the captured machines in a folder. */
async function askFolder<T>(
  folder: string,
  question: Question<T>,
  signal: AbortSignal,
): Promise<Result<T>[]> {
  const { openCaptured } = await import('./captured.ts');
  const results: Result<T>[] = [];
  for (const one of machinesIn(folder)) {
    const { node, channel } = openCaptured(one);
    try {
      results.push({ node, value: await question(channel, node, signal) });
    } catch (error) {
      results.push({ node, failure: Failure.from(error) });
    }
  }
  return results;
}

/**
 * The folder itself, or, where it is none of a machine, those in it that are, directly or in a bundle's folder: a bundle has
 * one for each node.
 */
function machinesIn(folder: string): string[] {
  const isMachine = (path: string) =>
    MARKS.some((mark) => statSync(join(path, mark), { throwIfNoEntry: false })?.isDirectory());
  let inside: string[];
  const children = (of: string) =>
    readdirSync(of)
      .sort()
      .map((name) => join(of, name));
  try {
    if (isMachine(folder)) return [folder];
    const direct = children(folder);
    inside = direct.filter(isMachine);
    // Where a bundle was unpacked: its one folder has those of the machines.
    if (inside.length === 0)
      inside = direct
        .filter((path) => basename(path).startsWith(BUNDLE) && statSync(path).isDirectory())
        .flatMap((path) => children(path).filter(isMachine));
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `${folder} cannot be read: ${(cause as Error).message}`, {
      hint: '--from takes a bundle, or a folder with proc/, sys/ and saved outputs of tools',
      cause,
    });
  }
  // Outputs of tools alone are a machine too.
  return inside.length > 0 ? inside : [folder];
}
