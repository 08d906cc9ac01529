/** Section "files". */

import type { Document } from '../../../proto/config/document.ts';
import { pointerOf } from '../../../proto/config/seal.ts';
import { managedFile } from '../managed-file.ts';
import type { Resource } from '../resource.ts';
import type { Unseal } from '../seal-key.ts';
import { restartUnit } from '../systemd.ts';

/** The resources of the section. */
export function fileResources({ files = {} }: Document, unseal: Unseal): Resource[] {
  return Object.entries(files).map(([path, file]) => {
    const { content, contentBase64, sealed, mode, owner, group, restarts = [] } = file;
    const bytes =
      sealed !== undefined
        ? unseal(sealed, pointerOf('files', path, 'sealed'))
        : content !== undefined
          ? Buffer.from(content)
          : contentBase64 !== undefined
            ? Buffer.from(contentBase64, 'base64')
            : undefined;
    return managedFile({
      path,
      content: bytes,
      secret: sealed !== undefined,
      mode: Number.parseInt(mode ?? (sealed === undefined ? '0644' : '0600'), 8),
      ...(owner ? { owner } : {}),
      ...(group ? { group } : {}),
      after: ['user/'],
      activates: restarts.map(restartUnit),
    });
  });
}
