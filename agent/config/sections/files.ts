/** Section "files". */

import type { Document } from '../../../proto/config/document.ts';
import { managedFile } from '../managed-file.ts';
import type { Resource } from '../resource.ts';
import { restartUnit } from '../systemd.ts';

/** Opens a sealed value. @throws Failure where this node cannot */
export type Unseal = (sealed: string, path: string) => Buffer;

/** The resources of the section. */
export function fileResources({ files = {} }: Document, unseal: Unseal): Resource[] {
  return Object.entries(files).map(([path, file]) => {
    const { content, contentBase64, sealed, mode, owner, group, restarts = [] } = file;
    const bytes =
      sealed !== undefined
        ? unseal(sealed, `files.${path}`)
        : content !== undefined
          ? Buffer.from(content)
          : contentBase64 !== undefined
            ? Buffer.from(contentBase64, 'base64')
            : undefined;
    return managedFile({
      path,
      content: bytes,
      mode: Number.parseInt(mode ?? (sealed === undefined ? '0644' : '0600'), 8),
      ...(owner ? { owner } : {}),
      ...(group ? { group } : {}),
      after: ['user/'],
      activates: restarts.map(restartUnit),
    });
  });
}
