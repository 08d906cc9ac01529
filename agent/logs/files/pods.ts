/**
 * Containers' logs as kubelet keeps them: ROOT/NAMESPACE_POD_UID/CONTAINER/N.log in the CRI format. Each container of each
 * pod is the source "pod/NAMESPACE/POD/CONTAINER", over restarts and incarnations of the pod.
 */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { subfolderNames } from '../../host/log-file.ts';
import { containerChain } from './chain.ts';
import { CriFormat } from './cri.ts';
import { FileSource } from './source.ts';

/** Kubernetes allows no other characters in these names, and no underscore: it separates them here. */
const POD_FOLDER = /^([a-z0-9][a-z0-9.-]{0,252})_([a-z0-9][a-z0-9.-]{0,252})_([A-Za-z0-9-]{1,64})$/;
const CONTAINER = /^[a-z0-9][a-z0-9.-]{0,252}$/;

/** Folders of one pod's incarnations, the oldest first. */
async function incarnations(root: string, namespace: string, pod: string): Promise<string[]> {
  const names = (await subfolderNames(root)).filter((name) => name.startsWith(`${namespace}_${pod}_`));
  const paths = names.map((name) => join(root, name));
  if (paths.length < 2) return paths;
  const made = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (stats) => stats.birthtimeMs || stats.mtimeMs,
        () => 0,
      ),
    ),
  );
  return paths
    .map((path, i) => ({ path, at: made[i] ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ path }) => path);
}

/** The source of one container; it may not have logs. Undefined when a name is none that Kubernetes allows. */
export function containerSource(root: string, name: string): FileSource | undefined {
  const [kind, namespace = '', pod = '', container = '', ...rest] = name.split('/');
  if (kind !== 'pod' || rest.length > 0 || !CONTAINER.test(container)) return undefined;
  if (!POD_FOLDER.test(`${namespace}_${pod}_x`)) return undefined;
  const folders = async () =>
    (await incarnations(root, namespace, pod)).map((folder) => join(folder, container));
  return new FileSource({
    name,
    kind: 'CONTAINER',
    description: `container ${container} of pod ${pod} in namespace ${namespace}`,
    chain: containerChain(folders),
    format: (selection, options) =>
      new CriFormat(selection, {
        container,
        withFields: options.fields.includes('*') || options.fields.includes('stream'),
      }),
    missing: `the container has no logs under ${root}`,
  });
}

/** The sources of all containers that have a folder. */
export async function containerSources(root: string): Promise<FileSource[]> {
  const names = new Set<string>();
  for (const folder of await subfolderNames(root)) {
    const match = POD_FOLDER.exec(folder);
    if (match === null) continue;
    for (const container of await subfolderNames(join(root, folder))) {
      names.add(`pod/${match[1]}/${match[2]}/${container}`);
    }
  }
  return [...names]
    .sort()
    .map((name) => containerSource(root, name))
    .filter((source) => source !== undefined);
}
