/** From a document to the resources that it decides on. */

import { dirname } from 'node:path';
import type { Document } from '../../proto/config/document.ts';
import { Failure } from '../../proto/failure.ts';
import { readDocument } from './read-document.ts';
import type { Resource } from './resource.ts';
import { riskJudged } from './risk.ts';
import type { NodeSealKey, Unseal } from './seal-key.ts';
import { fileResources } from './sections/files.ts';
import { certificateResources, hostnameResources, kernelResources, timeResources } from './sections/host.ts';
import { networkResources } from './sections/network.ts';
import { serviceResources, sshResources, storageResources } from './sections/services.ts';
import { userResources } from './sections/users.ts';

/** What every section gets beside the document. */
export interface CompileContext {
  readonly sealKey: Pick<NodeSealKey, 'unsealer'>;
  /** Whether the machine has such a file: where a program's configuration stands differs between distributions. */
  readonly has: (path: string) => boolean;
  /** For putting back, sealed values need not open: what was before is known, and a lost key must not keep it away. */
  readonly why?: 'apply' | 'restore';
}

/** The same for a section, with the document's own data keys opened. */
interface SectionContext extends Pick<CompileContext, 'has'> {
  readonly unseal: Unseal;
}

type Section = (document: Document, context: SectionContext) => readonly Resource[];

/** The sections that have resources of their own, by their names in the document. */
const SECTIONS: Readonly<Record<string, Section>> = {
  hostname: hostnameResources,
  network: (document, { has }) => networkResources(document, has),
  time: (document, { has }) => timeResources(document, has),
  kernel: (document, { has }) => kernelResources(document, has),
  storage: storageResources,
  services: serviceResources,
  files: (document, { unseal }) => fileResources(document, unseal),
  certificates: certificateResources,
  users: (document, { unseal }) => userResources(document, unseal),
};

/** What the agent itself heeds, with nothing on the machine to change for it. */
const HEEDED = new Set([
  ...['apiVersion', 'kind', 'labels', 'drift', 'diagnostics', 'logs', 'ssh', 'seals', 'health', 'upgrades'],
]);

/**
 * The resources of a document's text. Throws BAD_DOCUMENT, also for a section that this agent does not know how to apply, and
 * SEAL_NOT_OPENED.
 */
export async function compile(
  text: string,
  { sealKey, has, why = 'apply' }: CompileContext,
): Promise<readonly Resource[]> {
  const document = readDocument(text);
  const unseal = why === 'restore' ? () => Buffer.alloc(0) : await sealKey.unsealer(document);
  const context: SectionContext = { unseal, has };
  const sections = Object.keys(document).filter((name) => !HEEDED.has(name));
  const named = sections.flatMap((name) => {
    const section = SECTIONS[name];
    if (section) return section(document, context);
    throw new Failure('BAD_DOCUMENT', `this agent does not know how to apply the section "${name}"`, {
      hint: 'take it out, or upgrade the agent',
    });
  });
  // Also where the document says nothing of it: without a word sshd is masked.
  const resources = [...named, ...sshResources(document)].map(riskJudged);
  oneOwnerEach(resources);
  return resources;
}

/** Refuses a document in which two sections decide on one thing, and files that would have to be folders for others. */
function oneOwnerEach(resources: readonly Resource[]): void {
  const owners = new Map<string, string>();
  for (const { id, watches = [] } of resources)
    for (const name of new Set([id, ...watches])) {
      if (owners.has(name))
        throw new Failure('BAD_DOCUMENT', `two sections of the document decide on ${watches[0] ?? id}`, {
          hint: 'take it out of one of them',
        });
      owners.set(name, id);
    }
  for (const { id, watches = [] } of resources)
    for (const path of watches)
      for (let above = dirname(path); above !== '/' && above !== '.'; above = dirname(above))
        if (owners.has(above))
          throw new Failure('BAD_DOCUMENT', `${id} would be in ${above}, which the document makes a file`);
}
