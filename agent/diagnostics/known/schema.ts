/** The form of troubles.yaml. It is held against the file when the JSON is made from it, not when the agent runs. */

import * as z from 'zod';
import { readYaml, shaped, YamlProblems } from '../../../proto/strict-yaml.ts';
import { FEATURES, type Trouble } from './trouble.ts';
import { branchOf, compareVersions } from './version.ts';

const MAX_BYTES = 1 << 20;

const version = z
  .string({ error: 'write a version as text: "6.10", with quotes, is not the number 6.1' })
  .min(1)
  .max(60);
const stable = version.regex(/^\d+\.\d+(\.\d+)?$/, {
  error: 'write a stable release: "6.1.63", or "6.1" for its first',
});
const range = (one: z.ZodString) =>
  z
    .strictObject({ introduced: one.optional(), fixed: one.optional() })
    .refine(({ introduced, fixed }) => introduced !== undefined || fixed !== undefined, {
      error: 'a range has introduced, fixed, or both',
    })
    .refine(({ introduced, fixed }) => !introduced || !fixed || compareVersions(introduced, fixed) < 0, {
      error: 'introduced is not before fixed',
    });
const upstream = range(stable).refine(
  ({ introduced, fixed }) => !introduced || !fixed || branchOf(introduced) === branchOf(fixed),
  { error: 'introduced and fixed are of one branch; write a range for each branch' },
);
const words = z.array(z.string().min(1).max(80)).min(1).max(60);
const sentence = (most: number) => z.string().min(10).max(most);

const revision = z.string().regex(/^0x[0-9a-f]+$/, { error: 'write a revision as text: "0x12b"' });
const conditions = z.strictObject({
  drivers: words.optional(),
  pci: z
    .array(
      z
        .string()
        .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, { error: 'write VENDOR:DEVICE in lower-case hexadecimal' }),
    )
    .min(1)
    .optional(),
  models: words.optional(),
  firmware: z.array(range(version)).min(1).optional(),
  mtuAbove: z.int().min(500).max(65_536).optional(),
  modules: words.optional(),
  moduleVersions: z.array(range(version)).min(1).optional(),
  filesystems: words.optional(),
  cpu: z
    .strictObject({
      vendor: z.enum(['intel', 'amd']),
      family: z.int().min(1).max(1_000).optional(),
      microcode: z.array(revision).min(1).optional(),
      models: z.array(z.int().min(0).max(1_000)).min(1).optional(),
      microcodeBefore: revision.optional(),
    })
    .optional(),
  virtualisation: words.optional(),
  features: z.array(z.enum(FEATURES)).min(1).optional(),
  uptimeDaysAbove: z.int().min(1).optional(),
  firmwareFilesMissing: words.optional(),
  parameters: words.optional(),
});

const trouble = z
  .strictObject({
    id: z.string().regex(/^known\.[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'write known.SOME-WORDS' }),
    title: sentence(110).refine((text) => !/\d\.\d/.test(text), { error: 'a title names no versions' }),
    severity: z.enum(['info', 'warning', 'critical']),
    certainty: z.enum(['likely', 'possible']),
    symptom: sentence(500),
    remedy: z.strictObject({
      text: sentence(400),
      risk: z.enum(['none', 'restart', 'connection', 'reboot', 'data']),
    }),
    upstream: z.array(upstream).max(60).default([]),
    packages: z.record(z.string().regex(/^[a-z-]+$/), z.array(range(version)).min(1)).default({}),
    where: conditions.default({}),
    unless: words.optional().transform((list) => list ?? []),
    links: z
      .array(z.url({ protocol: /^https$/ }))
      .min(1)
      .max(8),
    reviewed: sentence(500),
  })
  .refine(
    ({ upstream: ranges, packages, where }) =>
      ranges.length > 0 || Object.keys(packages).length > 0 || Object.keys(where).length > 0,
    {
      error: 'an entry without kernels and without conditions is true of every machine',
    },
  )
  .refine(({ where }) => where.drivers !== undefined || !(where.firmware || where.mtuAbove), {
    error: 'firmware and mtuAbove are of the device of a driver: name the drivers',
    path: ['where'],
  })
  .refine(({ where }) => where.modules !== undefined || !where.moduleVersions, {
    error: 'moduleVersions are of a module: name the modules',
    path: ['where'],
  });

const file = z.strictObject({ troubles: z.array(trouble).min(1).max(2_000) });

/** Reads troubles.yaml. Throws YamlProblems with line and column of whatever is wrong. */
export function parseTroubles(text: string, name: string): Trouble[] {
  const yaml = readYaml(text, { file: name, maxBytes: MAX_BYTES });
  const { troubles } = shaped(yaml, file);
  const twice = troubles.findIndex(({ id }, index) => troubles.findIndex((one) => one.id === id) !== index);
  if (twice >= 0)
    throw new YamlProblems([
      `${yaml.place(['troubles', twice, 'id'])}: ${troubles[twice]?.id} is there twice`,
    ]);
  return troubles;
}
