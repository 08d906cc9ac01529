/** The agent's configuration file: YAML, read strictly, with the line and column of whatever is wrong. */

import { readFileSync } from 'node:fs';
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import * as z from 'zod';
import { isNodeName } from '../../pki/names.ts';
import { ADDRESS_HINT, parseAddress } from '../../proto/address.ts';
import { Failure } from '../../proto/failure.ts';
import { isLabelName, isLabelValue, LABEL_HINT, MAX_LABELS } from '../../proto/labels.ts';
import { type AgentSettings, LOG_LEVELS } from './settings.ts';

/** A configuration of some hundred lines is long; a file beyond this is not one. */
const MOST_BYTES = 256 * 1024;

const listenAddress = z.string().refine((text) => parseAddress(text, 0) !== undefined, {
  error: 'write HOST:PORT, for example 0.0.0.0:7443 or [::]:7443',
});
const address = z.string().refine((text) => parseAddress(text) !== undefined, { error: ADDRESS_HINT });
const path = z.string().startsWith('/', { error: 'write an absolute path' });
const count = z.int().min(1).max(100_000);
// YAML reads `rack: 7` as a number; a label is text all the same.
const labelValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const labels = z
  .record(
    z.string().refine(isLabelName, { error: LABEL_HINT }),
    labelValue.refine(isLabelValue, { error: LABEL_HINT }),
  )
  .refine((all) => Object.keys(all).length <= MAX_LABELS, {
    error: `a node has at most ${MAX_LABELS} labels`,
  });

const SCHEMA = z.strictObject({
  name: z
    .string()
    .refine(isNodeName, { error: 'a name is a DNS name in lower case of at most 63 characters' })
    .optional(),
  listen: z.union([listenAddress, z.array(listenAddress).min(1).max(16)]).optional(),
  state: path.optional(),
  labels: labels.optional(),
  addresses: z.array(address).max(16).optional(),
  logs: z
    .strictObject({
      files: z
        .array(z.strictObject({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/), path }))
        .max(100)
        .optional(),
      journal: z.union([z.literal(false), z.strictObject({ directory: path })]).optional(),
      kernel: z.literal(false).optional(),
      pods: z.union([z.literal(false), z.strictObject({ root: path })]).optional(),
    })
    .optional(),
  diagnostics: z
    .strictObject({
      // Which checks and thresholds there are is known to the agent that runs them: nodectl diag --list shows them.
      thresholds: z.record(z.string(), z.record(z.string(), z.number())).optional(),
    })
    .optional(),
  enrolment: z
    .strictObject({ issuer: address.optional(), tokenFile: path.optional(), renewal: address.optional() })
    .optional(),
  issuer: z.strictObject({ authority: path, listen: listenAddress, renewal: address.optional() }).optional(),
  limits: z
    .strictObject({
      connections: count.optional(),
      connectionsPerAddress: count.optional(),
      calls: count.optional(),
      callsPerCaller: count.optional(),
    })
    .optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
});

/** Reads a file. Throws BAD_CONFIG with everything that is wrong with it, each with line and column. */
export function readSettingsFile(file: string): Partial<AgentSettings> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('BAD_CONFIG', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return parseSettings(text, file);
}

/** Parses the text of a file; `file` is its name for messages. Throws BAD_CONFIG. */
export function parseSettings(text: string, file: string): Partial<AgentSettings> {
  if (text.length > MOST_BYTES) throw new Failure('BAD_CONFIG', `${file} is longer than ${MOST_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw bad(document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`));
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw bad([`${file}: ${(cause as Error).message}`]);
  }
  const parsed = SCHEMA.safeParse(content ?? {});
  if (!parsed.success)
    throw bad(
      parsed.error.issues.map((issue) => {
        const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
        const where = at(offsetOf(document.contents as Node | null, issue.path, keys[0]));
        const name = issue.path.map(String).join('.');
        return `${where}: ${name ? `${name}: ` : ''}${issue.message}`;
      }),
    );
  const { listen, ...rest } = parsed.data;
  // Exact optional properties: what zod types as "or undefined" is simply not there.
  return { ...rest, ...(listen ? { listen: [listen].flat() } : {}) } as Partial<AgentSettings>;
}

function bad(problems: string[]): Failure {
  return new Failure('BAD_CONFIG', problems.slice(0, 20).join('\n'), {
    hint: 'nodectl-agent check-config FILE checks a file without starting',
  });
}

/** Where in the text a path of keys leads to, or where its last known part is. */
function offsetOf(
  contents: Node | null,
  path: readonly PropertyKey[],
  unknownKey: string | undefined,
): number {
  let node: Node | null = contents;
  let offset = node?.range?.[0] ?? 0;
  for (const key of [...path, ...(unknownKey === undefined ? [] : [unknownKey])]) {
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
