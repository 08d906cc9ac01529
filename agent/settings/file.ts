/** The agent's configuration file: YAML, read strictly, with the line and column of whatever is wrong. */

import * as z from 'zod';
import { isNodeName } from '../../pki/names.ts';
import { ADDRESS_HINT, parseAddress } from '../../proto/address.ts';
import { Failure } from '../../proto/failure.ts';
import { isLabelName, isLabelValue, LABEL_HINT, MAX_LABELS } from '../../proto/labels.ts';
import { readYaml, shaped, YamlProblems } from '../../proto/strict-yaml.ts';
import { type AgentSettings, LOG_LEVELS } from './settings.ts';

/** A configuration of some hundred lines is long; a file beyond this is not one. */
export const MOST_BYTES = 256 * 1024;

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

const slot = z.string().regex(/^(?:PARTLABEL=|PARTUUID=|\/)[^\s]{1,255}$/, {
  error: 'write PARTLABEL=NAME, PARTUUID=UUID or an absolute path',
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
      // Which checks and thresholds there are is held against the file by checked-settings.ts.
      thresholds: z.record(z.string(), z.record(z.string(), z.number())).optional(),
    })
    .optional(),
  history: z
    .strictObject({
      enabled: z.boolean().optional(),
      everySeconds: z.int().min(1).max(3_600).optional(),
      days: z.number().min(1).max(400).optional(),
      maxBytes: z
        .int()
        .min(4 << 20)
        .max(1 << 30)
        .optional(),
    })
    .optional(),
  upgrades: z
    .strictObject({
      keys: path,
      threshold: z.int().min(1).max(16).optional(),
      compatible: z
        .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~:-]{0,127}$/))
        .min(1)
        .max(16)
        .optional(),
      backend: z.enum(['auto', 'grub', 'systemd-boot', 'files']).optional(),
      bootFolder: path.optional(),
      slots: z.strictObject({ a: slot, b: slot }).optional(),
    })
    .optional(),
  metrics: z
    .strictObject({
      listen: listenAddress,
      tokenFile: path.optional(),
      allowAnonymous: z.boolean().optional(),
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

/** Parses the text of a file; `file` is its name for messages. Throws BAD_CONFIG. */
export function parseSettings(text: string, file: string): Partial<AgentSettings> {
  try {
    const yaml = readYaml(text, { file, maxBytes: MOST_BYTES });
    const { listen, ...rest } = shaped(yaml, SCHEMA, yaml.value ?? {});
    // Exact optional properties: what zod types as "or undefined" is simply not there.
    return { ...rest, ...(listen ? { listen: [listen].flat() } : {}) } as Partial<AgentSettings>;
  } catch (error) {
    if (!(error instanceof YamlProblems)) throw error;
    throw new Failure('BAD_CONFIG', error.problems.join('\n'), {
      hint: 'nodectl-agent check-config FILE checks a file without starting',
    });
  }
}
