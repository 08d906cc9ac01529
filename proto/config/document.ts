/** The config document: everything that a node is, in one text under one schema. */

import * as z from 'zod';
import { Failure } from '../failure.ts';
import { isLabelName, isLabelValue, LABEL_HINT, MAX_LABELS } from '../labels.ts';
import { readYaml, type StrictYaml, shaped, YamlProblems } from '../strict-yaml.ts';
import { hostname, kernel, storage, time } from './schema/host.ts';
import { network, networkProblems } from './schema/network.ts';
import { diagnostics, drift, health, upgrades } from './schema/policy.ts';
import { files, logs, services, ssh, trustedCertificates, users } from './schema/services.ts';

/** The version that documents name. */
export const API_VERSION = 'nodectl.dev/v1';
/** A document beyond this is no configuration of a node: the files of one belong in its image. */
export const MAX_DOCUMENT_BYTES = 4 << 20;

const labels = z
  .record(
    z.string().refine(isLabelName, { error: LABEL_HINT }),
    z
      .union([z.string(), z.number(), z.boolean()])
      .transform(String)
      .refine(isLabelValue, { error: LABEL_HINT }),
  )
  .refine((all) => Object.keys(all).length <= MAX_LABELS, {
    error: `a node has at most ${MAX_LABELS} labels`,
  });

/** Data keys of sealed values, each wrapped for the nodes and recovery keys that may open it; see seal.ts. */
const seals = z.record(z.string().regex(/^[0-9a-f]{16}$/), z.base64().max(1 << 20));

/** The schema of a document. */
const DOCUMENT = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('Node'),
    hostname: hostname.optional(),
    labels: labels.optional(),
    network: network.optional(),
    time: time.optional(),
    kernel: kernel.optional(),
    storage: storage.optional(),
    services: services.optional(),
    files: files.optional(),
    certificates: trustedCertificates.optional(),
    logs: logs.optional(),
    users: users.optional(),
    ssh: ssh.optional(),
    health: health.optional(),
    upgrades: upgrades.optional(),
    drift: drift.optional(),
    diagnostics: diagnostics.optional(),
    seals: seals.optional(),
  })
  .superRefine((document, context) => {
    if (document.network)
      for (const { path, message } of networkProblems(document.network))
        context.addIssue({ code: 'custom', path: ['network', ...path], message });
  });

/** A document. */
export type Document = z.output<typeof DOCUMENT>;

/** A document with the places of its parts in its text. */
export interface ParsedDocument {
  readonly document: Document;
  readonly yaml: StrictYaml;
}

/** Reads YAML that is to be a document or a part of one. Throws BAD_DOCUMENT. */
export function readDocumentYaml(text: string, file: string): StrictYaml {
  try {
    return readYaml(text, { file, maxBytes: MAX_DOCUMENT_BYTES });
  } catch (error) {
    throw badDocument(error);
  }
}

/** Holds content against the schema. Throws BAD_DOCUMENT with all problems and their places. */
export function checkDocument(yaml: StrictYaml): ParsedDocument {
  try {
    return { yaml, document: shaped(yaml, DOCUMENT as z.ZodType<Document>) };
  } catch (error) {
    throw badDocument(error);
  }
}

/** Reads a document's text; `file` is its name in messages. Throws BAD_DOCUMENT with all problems and their places. */
export function parseDocument(text: string, file = 'document'): ParsedDocument {
  return checkDocument(readDocumentYaml(text, file));
}

/** What was wrong with a document as a failure. */
function badDocument(error: unknown): unknown {
  if (!(error instanceof YamlProblems)) return error;
  return new Failure('BAD_DOCUMENT', error.problems.join('\n'), {
    hint: 'nodectl config schema prints what a document can say; nodectl config validate checks one without a node',
    cause: error,
  });
}

/** The JSON Schema of documents, for editors. */
export function documentSchema(): Record<string, unknown> {
  return {
    title: 'nodectl config document',
    ...(z.toJSONSchema(DOCUMENT, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>),
  };
}
