/** The documents that a command is given with -f: one file for all nodes, or a folder of layers with one for each. */

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { MAX_DOCUMENT_BYTES, parseDocument } from '../../proto/config/document.ts';
import { Failure } from '../../proto/failure.ts';
import type { Target } from '../fleet/target.ts';
import { type Session, text } from '../session.ts';
import { readDocumentFile } from './document-file.ts';
import { documentOf, readFolder } from './folder.ts';
import { gitState } from './git.ts';

/** Where documents came from, as ApplyConfig takes it. */
export interface DocumentOrigin {
  readonly commit: string;
  readonly dirty: boolean;
}

/** Documents for nodes. */
export interface Documents {
  /** By node. */
  readonly texts: ReadonlyMap<string, string>;
  readonly origin: DocumentOrigin;
}

/** Reads -f for some nodes. Throws BAD_ARGUMENT, BAD_DOCUMENT. */
export async function documentsFor(session: Session, targets: readonly Target[]): Promise<Documents> {
  const path = text(session, 'file') ?? '';
  if (path === '-') {
    const document = await standardInput(session.signal);
    parseDocument(document, 'standard input');
    return { texts: forAll(targets, document), origin: { commit: '', dirty: false } };
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found)
    throw new Failure('BAD_ARGUMENT', `there is no file or folder ${path}`, {
      hint: 'write -f FILE, -f FOLDER, or -f - for standard input',
    });
  if (found.isDirectory()) {
    const layers = readFolder(path);
    const texts = new Map<string, string>();
    for (const target of targets) texts.set(target.name, (await documentOf(layers, target)).text);
    return { texts, origin: await gitState(path, '.') };
  }
  const document = readDocumentFile(path);
  parseDocument(document, path);
  return { texts: forAll(targets, document), origin: await gitState(dirname(path), path) };
}

/** One document for several nodes must not give them all one name or one address. */
function forAll(targets: readonly Target[], document: string): Map<string, string> {
  if (targets.length > 1) {
    const { hostname, network } = parseDocument(document).document;
    const links = Object.values({
      ...network?.interfaces,
      ...network?.bonds,
      ...network?.vlans,
      ...network?.bridges,
    });
    if (hostname !== undefined || links.some(({ addresses }) => addresses && addresses.length > 0))
      throw new Failure(
        'BAD_DOCUMENT',
        `the document names one host or its addresses, and ${targets.length} nodes are chosen`,
        { hint: 'keep a folder of layers with nodes/NAME.yaml, or choose one node' },
      );
  }
  return new Map(targets.map(({ name }) => [name, document]));
}

/** All of standard input. An interrupt ends the wait for it. */
async function standardInput(signal: AbortSignal): Promise<string> {
  let all = '';
  process.stdin.setEncoding('utf8');
  try {
    for await (const part of addAbortSignal(signal, process.stdin)) {
      all += part;
      if (all.length > MAX_DOCUMENT_BYTES)
        throw new Failure('BAD_DOCUMENT', 'standard input is too long to be a document');
    }
  } catch (cause) {
    throw signal.aborted ? new Failure('CANCELLED', 'interrupted', { cause }) : cause;
  }
  return all;
}
