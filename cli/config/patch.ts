/** Patches of documents: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902), on the text's own tree, so that comments stay. */

import { type Document, isMap, isScalar, isSeq, parse, parseDocument } from 'yaml';
import { Failure } from '../../proto/failure.ts';

type Path = (string | number)[];

/** One operation of JSON Patch. */
interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** The text with the patch applied. Throws BAD_ARGUMENT. */
export function patched(text: string, patch: string): string {
  let wanted: unknown;
  try {
    wanted = parse(patch, { maxAliasCount: 0 });
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `the patch is no YAML: ${(cause as Error).message.split('\n')[0]}`, {
      cause,
    });
  }
  const document = parseDocument(text);
  if (Array.isArray(wanted))
    for (const [at, one] of wanted.entries()) operate(document, one as Operation, at);
  else if (typeof wanted === 'object' && wanted !== null)
    merge(document, [], wanted as Record<string, unknown>);
  else throw new Failure('BAD_ARGUMENT', 'a patch is a map, or a list of operations');
  return document.toString({ lineWidth: 0 });
}

function merge(document: Document, above: Path, patch: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(patch)) {
    const path = [...above, key];
    if (value === null) document.deleteIn(path);
    else if (typeof value === 'object' && !Array.isArray(value)) {
      if (!isMap(document.getIn(path, true))) document.setIn(path, document.createNode({}));
      merge(document, path, value as Record<string, unknown>);
    } else document.setIn(path, document.createNode(value));
  }
}

function operate(document: Document, { op, path, from, value }: Operation, at: number): void {
  const wrong = (why: string) =>
    new Failure('BAD_ARGUMENT', `operation ${at + 1} of the patch (${op} ${path}): ${why}`);
  const target = pointer(path, wrong);
  const there = (one: Path) => one.length === 0 || document.hasIn(one);
  const need = (one: Path, name: string) => {
    if (!there(one)) throw wrong(`there is no ${name}`);
  };
  switch (op) {
    case 'add':
      add(document, target, value, wrong);
      return;
    case 'remove':
      need(target, path);
      document.deleteIn(target);
      return;
    case 'replace':
      need(target, path);
      document.setIn(target, document.createNode(value));
      return;
    case 'move':
    case 'copy': {
      const source = pointer(from ?? '', wrong);
      need(source, from ?? '');
      const moved = plain(document, source);
      if (op === 'move') document.deleteIn(source);
      add(document, target, moved, wrong);
      return;
    }
    case 'test':
      if (JSON.stringify(plain(document, target)) !== JSON.stringify(value))
        throw wrong('it has another value');
      return;
    default:
      throw wrong('there is no such operation');
  }
}

function add(document: Document, path: Path, value: unknown, wrong: (why: string) => Failure): void {
  const parent = path.slice(0, -1);
  const owner = document.getIn(parent, true);
  const key = path.at(-1) ?? '';
  if (isSeq(owner)) {
    const index = key === '-' ? owner.items.length : Number(key);
    if (!(index >= 0 && index <= owner.items.length)) throw wrong('there is no such place in the list');
    owner.items.splice(index, 0, document.createNode(value));
  } else if (isMap(owner)) document.setIn(path, document.createNode(value));
  else throw wrong('there is nothing to add it to');
}

/** A value as plain JSON. */
function plain(document: Document, path: Path): unknown {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isScalar(node)) return node.value;
  return isMap(node) || isSeq(node) ? node.toJS(document) : node;
}

/** A JSON Pointer (RFC 6901) as keys. */
function pointer(text: string, wrong: (why: string) => Failure): Path {
  if (text === '') return [];
  if (typeof text !== 'string' || !text.startsWith('/'))
    throw wrong('write the path as a JSON Pointer, /kernel/sysctls');
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^(0|[1-9]\d{0,8})$/.test(part) ? Number(part) : part));
}
