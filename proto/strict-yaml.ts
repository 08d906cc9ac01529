/** YAML that people wrote, read strictly: duplicate keys, bombs and unknown keys are refused, each with line and column. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { ZodError, ZodType } from 'zod';
import { allowedKeys } from './schema-keys.ts';

/** How a text is read. */
export interface YamlLimits {
  /** The name of the text in messages. */
  readonly file: string;
  /** Longer texts are refused before they are parsed. */
  readonly maxBytes: number;
}

/** Everything that is wrong with a text: "FILE:LINE:COLUMN: what" each. */
export class YamlProblems extends Error {
  override readonly name = 'YamlProblems';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems[0] ?? 'the text is not valid');
    this.problems = problems;
  }
}

/** Aliases multiply what they stand for: more than these in one text is a bomb, not a document. */
const MAX_ALIASES = 50;
/** Each alias has its target looked for. */
const MAX_ALIAS_NODES = 1_000;
/**
 * What the parser makes a node or a token of. It takes some 3 µs for each, so four megabytes of "[" would hold its caller up for
 * a quarter of a minute; texts with content have a hundredth of that.
 */
const MARKS = /[[\]{},&*!?:"'#%\n\\]|- /g;
const MAX_MARKS = 400_000;
/** More problems than these are not told: who has them mends the first ones first. */
const MAX_PROBLEMS = 20;

/** A text that is valid YAML. */
export interface StrictYaml {
  /** Its content as plain values; an empty text gives undefined. */
  readonly value: unknown;
  /** "FILE:LINE:COLUMN" of what a path of keys leads to, or of its last part that is there. */
  place(path: readonly PropertyKey[]): string;
}

/** Reads a text. Throws YamlProblems. */
export function readYaml(text: string, { file, maxBytes }: YamlLimits): StrictYaml {
  if (Buffer.byteLength(text) > maxBytes) throw new YamlProblems([`${file}: longer than ${maxBytes} bytes`]);
  if (marksOf(text) > MAX_MARKS)
    throw new YamlProblems([
      `${file}: too many parts: ${MAX_MARKS} brackets, keys, list items and lines are the most`,
    ]);
  const lines = new LineCounter();
  const document = parsed(text, lines, file);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  // A tag that is not known is a warning to the parser; to us it is a value that somebody meant otherwise.
  const wrong = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    at: pos[0],
    message,
  }));
  wrong.push(...repeatedKeys(document));
  if (wrong.length > 0)
    throw new YamlProblems(wrong.slice(0, MAX_PROBLEMS).map((one) => `${at(one.at)}: ${one.message}`));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? undefined;
  } catch (cause) {
    throw new YamlProblems([`${file}: ${(cause as Error).message}`]);
  }
  return { value, place: (path) => at(offsetOf(document.contents as Node | null, path)) };
}

function marksOf(text: string): number {
  let count = 0;
  MARKS.lastIndex = 0;
  while (count <= MAX_MARKS && MARKS.test(text)) count++;
  return count;
}

function parsed(text: string, lines: LineCounter, file: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  } catch (cause) {
    // The parser is recursive: brackets by the thousand exhaust the stack, which it does not expect.
    throw new YamlProblems([`${file}: cannot be parsed: ${(cause as Error).message}`]);
  }
}

/**
 * Keys that a map has twice, and aliases of what they are part of. The parser's own search for the first compares every key
 * with every other, which takes a minute for a map of 50,000.
 */
function repeatedKeys(document: ReturnType<typeof parseDocument>): { at: number; message: string }[] {
  const found: { at: number; message: string }[] = [];
  // In the order of the text, as anchors count; the library's own search for each goes through the whole document.
  const anchors = new Map<string, Node>();
  let aliases = 0;
  visit(document, {
    Value: (_, node) => {
      if (node.anchor) anchors.set(node.anchor, node);
    },
    Map: (_, map) => {
      if (map.anchor) anchors.set(map.anchor, map);
      const keys = new Set<string>();
      for (const { key } of map.items) {
        if (!(isScalar(key) ? Object(key.value) !== key.value : isAlias(key)))
          found.push({
            at: (key as Node | null)?.range?.[0] ?? map.range?.[0] ?? 0,
            message: 'a key must be a text',
          });
        const name = String((key as Node & { value?: unknown })?.value);
        if (keys.has(name))
          found.push({ at: (key as Node).range?.[0] ?? 0, message: `"${name}" is there twice` });
        keys.add(name);
      }
    },
    Alias: (_, alias, path) => {
      if (++aliases > MAX_ALIAS_NODES) {
        found.push({ at: alias.range?.[0] ?? 0, message: `more than ${MAX_ALIAS_NODES} aliases` });
        return visit.BREAK;
      }
      const target = anchors.get(alias.source);
      if (target && path.some((above) => above === target && !isAlias(above)))
        found.push({ at: alias.range?.[0] ?? 0, message: `the alias *${alias.source} contains itself` });
      return undefined;
    },
  });
  return found;
}

/** Holds a text's content against a schema. Throws YamlProblems with the place of each problem. */
export function shaped<T>(yaml: StrictYaml, schema: ZodType<T>, value: unknown = yaml.value): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new YamlProblems(
    parsed.error.issues.slice(0, MAX_PROBLEMS).map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const name = issue.path.map(String).join('.');
      const allowed = keys.length > 0 ? allowedKeys(schema, issue.path) : [];
      const instead = allowed.length > 0 ? `; there are: ${allowed.join(', ')}` : '';
      return `${yaml.place([...issue.path, ...keys])}: ${name ? `${name}: ` : ''}${messageOf(issue)}${instead}`;
    }),
  );
}

/** Of a key that is none, zod says only that; why stands within. */
function messageOf(issue: ZodError['issues'][number]): string {
  return (issue.code === 'invalid_key' && issue.issues[0]?.message) || issue.message;
}

/** Where in the text a path of keys leads to, or where its last known part is. */
function offsetOf(contents: Node | null, path: readonly PropertyKey[]): number {
  let node: Node | null = contents;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String((item.key as Node & { value?: unknown })?.value) === String(key),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(key)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    }
  }
  return offset;
}
