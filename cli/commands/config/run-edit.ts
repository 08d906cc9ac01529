/** `nodectl config edit`. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '../../../proto/config/document.ts';
import { Failure } from '../../../proto/failure.ts';
import { applyChanged, currentDocuments } from '../../config/change-document.ts';
import type { Session } from '../../session.ts';

export async function run(session: Session): Promise<number> {
  if (!(session.env.VISUAL || session.env.EDITOR) && !(process.stdin.isTTY && process.stdout.isTTY))
    throw new Failure('BAD_ARGUMENT', 'there is no terminal here for an editor', {
      hint: 'set EDITOR to a program that needs none, or change the document with nodectl config patch',
    });
  const documents = [...(await currentDocuments(session))];
  const [first, ...others] = documents;
  if (!first || others.length > 0)
    throw new Failure('BAD_ARGUMENT', 'one document is edited at a time', {
      hint: 'choose one node with -n',
    });
  const [node, text] = first;
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-edit-'));
  try {
    const path = join(folder, `${node}.yaml`);
    writeFileSync(path, text, { mode: 0o600 });
    await openEditor(session, path);
    const edited = readFileSync(path, 'utf8');
    if (edited === text) {
      session.terminal.note('Nothing was edited, so nothing is applied.');
      return 0;
    }
    parseDocument(edited, `${node}.yaml`);
    return await applyChanged(session, new Map([[node, edited]]), 'edit');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens $VISUAL or $EDITOR and waits until it ends. Its words are separated by blanks; there is no shell behind it. */
async function openEditor({ env }: Session, path: string): Promise<void> {
  const [program = 'vi', ...args] = (env.VISUAL || env.EDITOR || 'vi').trim().split(/\s+/);
  const child = spawn(program, [...args, path], { stdio: 'inherit' });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0)
      throw new Failure('CANCELLED', `${program} ended with status ${code}, so nothing was changed`);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('BAD_ARGUMENT', `${program} could not be started: ${(cause as Error).message}`, {
      hint: 'set EDITOR to a program that is installed',
      cause,
    });
  }
}
