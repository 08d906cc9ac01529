/** Opens an image by the name that a person gives it: a file, a folder, an address of the web, or oci://. */

import { Failure } from '../../proto/failure.ts';
import { BlobSource } from '../../proto/registry/blobs.ts';
import { fetchManifest } from '../../proto/registry/manifests.ts';
import { parseReference } from '../../proto/registry/reference.ts';
import type { Session } from '../session.ts';
import { imageOfArtifact } from './artifact.ts';
import { filesInTar, Layout } from './layout/read.ts';
import { registryClient, webTransport } from './registry/connect.ts';
import type { ImageSource } from './source.ts';
import { WebContent } from './web-content.ts';

/**
 * Opens an image; `close` it in the end. Nothing of it is trusted yet.
 * @param reference a file, a folder, https://HOST/PATH (an archive where it ends in ".tar", else a folder), or oci://…
 * @param session whose options of REGISTRY_OPTIONS say how a registry is reached
 * @throws Failure IMAGE_*, REGISTRY_*, BAD_ARGUMENT
 */
export async function openImage(reference: string, session: Session): Promise<ImageSource> {
  if (reference.startsWith('oci://')) return fromRegistry(reference, session);
  return /^https?:\/\//.test(reference)
    ? openLayout(await webLayout(reference, session))
    : openImageFile(reference);
}

/** Opens an archive or a folder. @throws Failure IMAGE_LAYOUT_INVALID, BAD_ARGUMENT */
export async function openImageFile(path: string): Promise<ImageSource> {
  return openLayout(await Layout.open(path));
}

async function openLayout(layout: Layout): Promise<ImageSource> {
  try {
    return await imageOfArtifact({
      name: layout.path,
      stored: await layout.manifest(),
      open: (blob) => layout.blob(blob),
      close: () => layout.close(),
    });
  } catch (error) {
    await layout.close();
    throw error;
  }
}

async function fromRegistry(text: string, session: Session): Promise<ImageSource> {
  const reference = parseReference(text);
  const client = registryClient(session, reference.registry);
  try {
    return await imageOfArtifact({
      name: text,
      stored: await fetchManifest(client, reference),
      open: async ({ digest, size }) =>
        new BlobSource(client, { repository: reference.repository, digest, size }),
      close: async () => client.close(),
    });
  } catch (error) {
    client.close();
    throw error;
  }
}

async function webLayout(text: string, session: Session): Promise<Layout> {
  const { signal } = session;
  if (!URL.canParse(text)) throw new Failure('BAD_ARGUMENT', `"${text}" is no address of the web`);
  const base = new URL(text);
  const transport = webTransport(session);
  const close = async () => transport.close();
  if (!base.pathname.endsWith('.tar')) {
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    return new Layout(text, (name) => WebContent.open(new URL(name, base), { transport, signal }), close);
  }
  try {
    const archive = await WebContent.open(base, { transport, signal });
    if (!archive)
      throw new Failure('IMAGE_UNREADABLE', `${text} is not there`, { hint: 'check the address' });
    return new Layout(text, await filesInTar(archive), close);
  } catch (cause) {
    transport.close();
    if (cause instanceof Failure) throw cause;
    throw new Failure('IMAGE_LAYOUT_INVALID', `${text} is no image: ${(cause as Error).message}`, { cause });
  }
}
