/**
 * The same question about the state of machines, put to nodes or, with --from, to captured ones. A captured machine is
 * answered for by the agent's own code in this process.
 */

import { type Stats, statSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { UnpackedArchive } from '../bundle/unpack.ts';
import { fanOut, type Result } from '../fleet/fan-out.ts';
import { whyNotRead } from '../not-read.ts';
import { visibleName } from '../output/visible.ts';
import { flag, list, type Session, text } from '../session.ts';
import { besideInWords, filesInWords, foldedNotes, machinesIn } from './captured-folders.ts';

const HINT =
  '--from takes a bundle, an archive, a text, a folder with proc/, sys/ and saved outputs of tools, or "-" for standard input';

/** What is asked of one node. */
export type Question<T> = (channel: Channel, node: string, signal: AbortSignal) => Promise<T>;

/** Asks the chosen nodes, or the captured machines of --from. One result each, in a stable order. Throws BAD_ARGUMENT. */
export async function askMachines<T>(session: Session, question: Question<T>): Promise<Result<T>[]> {
  const folders = list(session, 'from');
  if (folders.length > 0) refuseTargets(session);
  if (folders.filter((one) => one === '-').length > 1)
    throw new Failure('BAD_ARGUMENT', '--from - is there twice, and standard input can be read once', {
      hint: 'write it once',
    });
  if (folders.length === 0)
    return fanOut(session, await session.targets(), (channel, target, signal) =>
      question(channel, target.name, signal),
    );
  const results: Result<T>[] = [];
  const notes: string[][] = [];
  for (const from of folders) {
    const archive = await archiveOf(session, from);
    try {
      results.push(...(await askFolder(session, archive?.folder ?? from, question, notes)));
    } finally {
      archive?.remove();
    }
  }
  const lines = foldedNotes(notes, flag(session, 'verbose'));
  for (const line of lines) session.terminal.note(line);
  session.noted = (session.noted ?? 0) + lines.length;
  return results;
}

/** What --from names, unpacked; undefined for a folder. Throws BAD_ARGUMENT. */
async function archiveOf(session: Session, from: string): Promise<UnpackedArchive | undefined> {
  if (from !== '-')
    return isFile(from) ? (await import('../bundle/unpack.ts')).unpackArchive(from) : undefined;
  const { unpackStream } = await import('../bundle/unpack.ts');
  const { toldWhileSilent } = await import('./waiting.ts');
  const input = addAbortSignal(session.signal, process.stdin);
  return unpackStream('stdin', toldWhileSilent('-', input, session.terminal));
}

/** Refuses what chooses nodes of the context: what is captured is named by --from alone. */
function refuseTargets(session: Session): void {
  const option =
    list(session, 'node').length > 0 ? '-n' : text(session, 'selector') !== undefined ? '-l' : undefined;
  if (option !== undefined)
    throw new Failure(
      'BAD_ARGUMENT',
      `${option} chooses nodes of the context, and --from looks at none of them`,
      {
        hint: 'write one of them; of a bundle of several nodes --from takes the folder of one, when it is unpacked',
      },
    );
}

/** Whether --from names a file, not a folder. Throws BAD_ARGUMENT where it is neither. */
function isFile(from: string): boolean {
  const name = visibleName(from);
  if (from === '') throw new Failure('BAD_ARGUMENT', '--from names nothing', { hint: HINT });
  let stat: Stats;
  try {
    stat = statSync(from);
  } catch (cause) {
    const why = visibleName(whyNotRead(cause));
    throw new Failure('BAD_ARGUMENT', `${name} cannot be read: ${why}`, { hint: HINT, cause });
  }
  if (stat.isFile() || stat.isDirectory()) return stat.isFile();
  throw new Failure('BAD_ARGUMENT', `${name} is neither a file nor a folder`, {
    hint: 'save what a program writes in a file and name that, or pipe it: PROGRAM | nodectl diag --from -',
  });
}

/** Asks the captured machines in a folder. @param notes takes the lines about the files of each */
async function askFolder<T>(
  session: Session,
  folder: string,
  question: Question<T>,
  notes: string[][],
): Promise<Result<T>[]> {
  const { machinesOf } = await import('./captured.ts');
  const results: Result<T>[] = [];
  const machines = machinesIn(folder);
  const beside = besideInWords(folder, machines, flag(session, 'verbose'));
  if (beside !== undefined) {
    session.terminal.note(beside);
    session.noted = (session.noted ?? 0) + 1;
  }
  for (const one of machines) {
    const within = await machinesOf(one);
    try {
      for (const line of within.told) session.terminal.note(visibleName(line));
      session.noted = (session.noted ?? 0) + within.told.length;
      // Where there are several, their files' names tell them apart.
      const alone =
        list(session, 'from').length === 1 && machines.length === 1 && within.machines.length === 1;
      for (const machine of within.machines)
        results.push(await askMachine(session, machine, alone, question, notes));
    } finally {
      within.remove();
    }
  }
  return results;
}

type Machine = Awaited<ReturnType<typeof import('./captured.ts').machinesOf>>['machines'][number];

/** Asks one captured machine. @param alone whether it is the only one, which is called what it calls itself */
async function askMachine<T>(
  session: Session,
  { folder, without, name: told }: Machine,
  alone: boolean,
  question: Question<T>,
  notes: string[][],
): Promise<Result<T>> {
  const { openCaptured } = await import('./captured.ts');
  const { node: name, channel, files } = await openCaptured(folder, without);
  // A folder may have any name; as that of a node it is printed everywhere.
  const node = visibleName((alone ? told : undefined) ?? name);
  try {
    const value = await question(channel, node, session.signal);
    notes.push(filesInWords(node, files(), flag(session, 'verbose')));
    return { node, value };
  } catch (error) {
    return { node, failure: Failure.from(error) };
  }
}
