/** `nodectl config validate`. */

import { statSync } from 'node:fs';
import { parseDocument } from '../../../proto/config/document.ts';
import { Failure } from '../../../proto/failure.ts';
import { readDocumentFile } from '../../config/document-file.ts';
import { documentOf, nodesOf, readFolder } from '../../config/folder.ts';
import type { Target } from '../../fleet/target.ts';
import { type Session, text } from '../../session.ts';

export async function run(session: Session): Promise<void> {
  const path = text(session, 'file');
  if (path === undefined)
    throw new Failure('BAD_ARGUMENT', 'the command does not say what to check', {
      hint: 'write -f FILE or -f FOLDER',
    });
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Failure('BAD_ARGUMENT', `there is no file or folder ${path}`);
  if (!found.isDirectory()) {
    parseDocument(readDocumentFile(path), path);
    session.terminal.note(`${path} is valid.`);
    return;
  }
  const layers = readFolder(path);
  const nodes = await knownNodes(session, path);
  for (const node of nodes) await documentOf(layers, node);
  session.terminal.note(`${path} is valid for ${nodes.length === 1 ? 'one node' : `${nodes.length} nodes`}.`);
}

/** The nodes that are chosen, else those of the context; where there is none, those that the folder names. */
async function knownNodes(session: Session, folder: string): Promise<readonly Target[]> {
  try {
    return await session.targets();
  } catch (error) {
    const { node, selector } = session.options;
    const chosen = (Array.isArray(node) && node.length > 0) || selector !== undefined;
    if (chosen || Failure.from(error).reason !== 'NO_CONTEXT') throw error;
    return nodesOf(folder).map((name) => ({ name, labels: {}, addresses: [] }));
  }
}
