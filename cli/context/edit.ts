/**
 * Changes of the contexts file: under a lock, so that two commands at once lose nothing, in place, so that comments stay,
 * and in one step, so that a crash leaves the old file or the new.
 */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Document, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { Failure } from '../../proto/failure.ts';
import { type ContextNode, readContexts } from './contexts.ts';

/** A change waits this long for another one to end. */
const LOCK_WAIT_MS = 5_000;
/** A change takes milliseconds; a lock this old was left by a process that was killed. */
const LOCK_STALE_MS = 30_000;

/** Runs a change on the file's YAML and writes it. The result is checked before it is written. */
export async function editContexts(path: string, change: (document: Document) => void): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = `${path}.lock`;
  await takeLock(lock);
  try {
    readContexts(path);
    const document = existsSync(path) ? parseDocument(readFileSync(path, 'utf8')) : new Document({});
    if (!isMap(document.contents)) document.contents = document.createNode({}) as YAMLMap;
    change(document);
    writeFileAtomic(path, document.toString({ lineWidth: 0 }), 0o600);
  } finally {
    rmSync(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<void> {
  const end = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > LOCK_STALE_MS) rmSync(lock, { force: true });
    else if (Date.now() > end)
      throw new Failure('BAD_CONFIG', `another nodectl is changing the contexts file; its lock is ${lock}`, {
        hint: 'try again in a moment',
      });
    else await sleep(20);
  }
}

/** What a context is made of when it is added. */
export interface NewContext {
  trust: string;
  credential: string;
  issuer?: string;
  nodes?: ContextNode[];
}

/** Adds a context, or replaces it where `replace` is set, and makes it current where `use` is set. */
export async function addContext(
  path: string,
  name: string,
  context: NewContext,
  options: { use?: boolean; replace?: boolean } = {},
): Promise<void> {
  await editContexts(path, (document) => {
    if (document.hasIn(['contexts', name]) && !options.replace)
      throw new Failure('BAD_ARGUMENT', `there is a context "${name}" already`, {
        hint: 'write --replace to put this one in its place',
      });
    const entry = {
      trust: context.trust,
      credential: context.credential,
      ...(context.issuer ? { issuer: context.issuer } : {}),
      nodes: context.nodes ?? [],
    };
    document.setIn(['contexts', name], document.createNode(entry));
    if (options.use || !document.get('current')) document.set('current', name);
  });
}

/** Takes a context out; whether there was one. Where it was current, `next` is, or none. */
export async function removeContext(path: string, name: string, next = ''): Promise<boolean> {
  let removed = false;
  await editContexts(path, (document) => {
    removed = document.deleteIn(['contexts', name]);
    if (document.get('current') !== name) return;
    if (next !== '' && document.hasIn(['contexts', next])) document.set('current', next);
    else document.delete('current');
  });
  return removed;
}

/** Makes a context current. */
export async function useContext(path: string, name: string): Promise<void> {
  await editContexts(path, (document) => document.set('current', name));
}

/** Gives a context another name. */
export async function renameContext(path: string, from: string, to: string): Promise<void> {
  await editContexts(path, (document) => {
    if (document.hasIn(['contexts', to]))
      throw new Failure('BAD_ARGUMENT', `there is a context "${to}" already`);
    const entry = document.getIn(['contexts', from], true);
    document.deleteIn(['contexts', from]);
    document.setIn(['contexts', to], entry);
    if (document.get('current') === from) document.set('current', to);
  });
}

/** Puts a node into a context, in the place of one of the same name. */
export async function putNode(path: string, context: string, node: ContextNode): Promise<void> {
  await editNodes(path, context, (nodes, document) => {
    const at = indexOfNode(nodes, node.name);
    const entry = document.createNode(node);
    if (at < 0) nodes.add(entry);
    else nodes.set(at, entry);
  });
}

/** Takes nodes out of a context; gives the names that were there. */
export async function removeNodes(
  path: string,
  context: string,
  names: readonly string[],
): Promise<string[]> {
  const removed: string[] = [];
  await editNodes(path, context, (nodes) => {
    for (const name of names) {
      const at = indexOfNode(nodes, name);
      if (at >= 0 && nodes.delete(at)) removed.push(name);
    }
  });
  return removed;
}

/** Puts a list of nodes in the place of a context's. */
export async function replaceNodes(
  path: string,
  context: string,
  nodes: readonly ContextNode[],
): Promise<void> {
  await editContexts(path, (document) =>
    document.setIn(['contexts', context, 'nodes'], document.createNode(nodes)),
  );
}

function editNodes(
  path: string,
  context: string,
  change: (nodes: YAMLSeq, document: Document) => void,
): Promise<void> {
  return editContexts(path, (document) => {
    let nodes = document.getIn(['contexts', context, 'nodes'], true);
    if (!isSeq(nodes)) {
      nodes = new YAMLSeq();
      document.setIn(['contexts', context, 'nodes'], nodes);
    }
    change(nodes as YAMLSeq, document);
  });
}

function indexOfNode(nodes: YAMLSeq, name: string): number {
  return nodes.items.findIndex((item) => isMap(item) && item.get('name') === name);
}
