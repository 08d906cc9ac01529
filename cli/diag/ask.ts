/**
 * The same question about the state of machines, put to nodes or, with --from, to captured ones. A captured machine is
 * answered for by the agent's own code in this process.
 */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import { fanOut, type Result } from '../fleet/fan-out.ts';
import { list, type Session } from '../session.ts';

/** What is asked of one node. */
export type Question<T> = (channel: Channel, node: string, signal: AbortSignal) => Promise<T>;

/** Trees that a captured machine has at least one of. */
const MARKS = ['proc', 'sys', 'tools', 'sos_commands'];

/** Asks the chosen nodes, or the captured machines of --from. One result each, in a stable order. Throws BAD_ARGUMENT. */
export async function askMachines<T>(session: Session, question: Question<T>): Promise<Result<T>[]> {
  const folders = list(session, 'from');
  if (folders.length === 0)
    return fanOut(session, await session.targets(), (channel, target, signal) =>
      question(channel, target.name, signal),
    );
  const { openCaptured } = await import('./captured.ts');
  const results: Result<T>[] = [];
  for (const folder of folders.flatMap(machinesIn)) {
    const { node, channel } = openCaptured(folder);
    try {
      results.push({ node, value: await question(channel, node, session.signal) });
    } catch (error) {
      results.push({ node, failure: Failure.from(error) });
    }
  }
  return results;
}

/** The folder itself, or, where it is none of a machine, those in it that are: a bundle of several nodes has one each. */
function machinesIn(folder: string): string[] {
  const isMachine = (path: string) =>
    MARKS.some((mark) => statSync(join(path, mark), { throwIfNoEntry: false })?.isDirectory());
  let inside: string[];
  try {
    if (isMachine(folder)) return [folder];
    inside = readdirSync(folder)
      .sort()
      .map((name) => join(folder, name))
      .filter(isMachine);
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `${folder} cannot be read: ${(cause as Error).message}`, {
      hint: '--from takes a folder with proc/, sys/ and saved outputs of tools',
      cause,
    });
  }
  // Outputs of tools alone are a machine too.
  return inside.length > 0 ? inside : [folder];
}
