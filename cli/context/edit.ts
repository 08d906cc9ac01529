/**
 * Changes of the contexts file: under a lock, so that two commands at once lose nothing, in place, so that comments stay,
 * and in one step, so that a crash leaves the old file or the new.
 */

import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Document, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { lockFolder } from '../../pki/issuer/lock.ts';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import { notWritten, orNotWritten } from '../not-written.ts';
import { type ContextNode, MAX_BYTES, parseContexts, unreadable } from './contexts.ts';
import { readNamedFile } from './named-file.ts';
import { isContextName } from './shape.ts';

/** A change takes milliseconds, so this is enough for a hundred before this one. */
const LOCK_WAIT_MS = 5_000;
const LOCK_AGAIN_MS = 15;

/**
 * Runs a change on the file's YAML and writes the result, where there is a difference. Throws BAD_CONFIG where the file is
 * not valid, before or after the change, and leaves it as it is then.
 */
async function editContexts(path: string, change: (document: Document) => void): Promise<void> {
  orNotWritten(path, () => makeFolder(dirname(path)));
  // A file that is a link, as managers of dotfiles make it, stays one: what it leads to is replaced.
  const real = realPath(path);
  const release = await lock(real);
  try {
    const before = textOf(real);
    if (before !== undefined) await parseContexts(before, path);
    const document = before === undefined ? new Document({}) : parseDocument(before);
    if (!isMap(document.contents)) document.contents = document.createNode({}) as YAMLMap;
    change(document);
    const after = document.toString({ lineWidth: 0 });
    await parseContexts(after, path);
    if (after !== before) orNotWritten(real, () => writeFileAtomic(real, after, 0o600));
  } finally {
    release();
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readNamedFile(path, MAX_BYTES, 'a contexts file');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof Failure) throw error;
    throw unreadable(path, error);
  }
}

async function lock(path: string): Promise<() => void> {
  const end = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      return lockFolder(dirname(path), `${basename(path)}.lock`);
    } catch (error) {
      if (!(error instanceof Failure)) throw notWritten(path, error);
      if (performance.now() > end)
        throw new Failure('BAD_CONFIG', `another nodectl keeps ${path} locked`, {
          hint: 'try again in a moment',
          cause: error,
        });
    }
    await sleep(LOCK_AGAIN_MS);
  }
}

/** What a context is made of when it is added. */
export interface NewContext {
  trust: string;
  credential: string;
  issuer?: string;
  nodes?: readonly ContextNode[];
}

/** Adds a context, or replaces it where `replace` is set, and makes it current where `use` is set or none is. */
export async function addContext(
  path: string,
  name: string,
  context: NewContext,
  options: { use?: boolean; replace?: boolean } = {},
): Promise<void> {
  checkContextName(name);
  await editContexts(path, (document) => {
    if (document.hasIn(['contexts', name]) && !options.replace) throw exists(name);
    const entry = {
      trust: context.trust,
      credential: context.credential,
      ...(context.issuer ? { issuer: context.issuer } : {}),
      nodes: context.nodes ?? [],
    };
    putIn(document, ['contexts', name], entry);
    if (options.use || !document.get('current')) setCurrent(document, name);
  });
}

/** Takes a context out; whether there was one. Where it was current, `next` is, or none. */
export async function removeContext(path: string, name: string, next = ''): Promise<boolean> {
  let removed = false;
  await editContexts(path, (document) => {
    removed = document.hasIn(['contexts', name]) && document.deleteIn(['contexts', name]);
    if (document.get('current') !== name) return;
    if (next !== '' && document.hasIn(['contexts', next])) document.set('current', next);
    else document.delete('current');
  });
  return removed;
}

/** Makes a context current. Throws NO_CONTEXT where there is none of that name. */
export async function useContext(path: string, name: string): Promise<void> {
  await editContexts(path, (document) => {
    if (!document.hasIn(['contexts', name]))
      throw new Failure('NO_CONTEXT', `there is no context "${name}" in ${path}`);
    setCurrent(document, name);
  });
}

/** People look for it at the top. */
function setCurrent(document: Document, name: string): void {
  if (document.has('current') || !isMap(document.contents)) document.set('current', name);
  else document.contents.items.unshift(document.createPair('current', name));
}

/** Gives a context another name. */
export async function renameContext(path: string, from: string, to: string): Promise<void> {
  checkContextName(to);
  await editContexts(path, (document) => {
    if (document.hasIn(['contexts', to])) throw exists(to);
    const contexts = document.get('contexts', true);
    const pair = isMap(contexts)
      ? contexts.items.find(({ key }) => String((key as { value?: unknown }).value ?? key) === from)
      : undefined;
    if (!pair) throw new Failure('NO_CONTEXT', `there is no context "${from}" in ${path}`);
    // Only the key changes: the entry stays at its place, with its comments.
    pair.key = document.createNode(to);
    if (document.get('current') === from) document.set('current', to);
  });
}

function checkContextName(name: string): void {
  if (isContextName(name)) return;
  throw new Failure('BAD_ARGUMENT', `"${name.slice(0, 80)}" cannot be a context's name`, {
    hint: 'use letters, digits, dots, hyphens and underscores, at most 63',
  });
}

function exists(name: string): Failure {
  return new Failure('BAD_ARGUMENT', `there is a context "${name}" already`, {
    hint: 'write --replace to change it, or give this one another name',
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

/** Sets the labels of nodes, by their names. Everything else of them stays as it is. */
export async function setLabels(
  path: string,
  context: string,
  labels: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Promise<void> {
  await editNodes(path, context, (nodes, document) => {
    for (const node of nodes.items) {
      const wanted = isMap(node) ? labels.get(String(node.get('name'))) : undefined;
      if (isMap(node) && wanted) node.set('labels', document.createNode(wanted));
    }
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

/** Puts a list of nodes in the place of a context's. Entries that stay the same keep their comments. */
export async function replaceNodes(
  path: string,
  context: string,
  wanted: readonly ContextNode[],
): Promise<void> {
  await editNodes(path, context, (nodes, document) => {
    const before = new Map(nodes.items.map((item) => [isMap(item) ? String(item.get('name')) : '', item]));
    nodes.items = wanted.map((node) => {
      const old = before.get(node.name);
      return isMap(old) && JSON.stringify(old.toJSON()) === JSON.stringify(node)
        ? old
        : document.createNode(node);
    });
  });
}

function editNodes(
  path: string,
  context: string,
  change: (nodes: YAMLSeq, document: Document) => void,
): Promise<void> {
  return editContexts(path, (document) => {
    const keys = ['contexts', context, 'nodes'];
    if (!document.hasIn(['contexts', context]))
      throw new Failure('NO_CONTEXT', `there is no context "${context}" in ${path}`);
    let nodes = document.getIn(keys, true);
    if (!isSeq(nodes)) {
      nodes = new YAMLSeq();
      document.setIn(keys, nodes);
    }
    // A list written as [] would hold its entries on that one line.
    (nodes as YAMLSeq).flow = false;
    change(nodes as YAMLSeq, document);
  });
}

/** Sets a value below keys, of which the outer ones may not be there yet. */
function putIn(document: Document, keys: readonly [string, string], value: unknown): void {
  const [outer] = keys;
  if (!isMap(document.get(outer, true))) document.set(outer, document.createNode({}));
  const map = document.get(outer, true) as YAMLMap;
  map.flow = false;
  document.setIn(keys, document.createNode(value));
}

function indexOfNode(nodes: YAMLSeq, name: string): number {
  return nodes.items.findIndex((item) => isMap(item) && item.get('name') === name);
}
