/** Assets and deployments for tests: small, and told apart by what they say. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Asset, Assets, Deployment } from '../backend.ts';

/** An asset of some bytes. */
export function asset(content: string | Buffer): Asset {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes: bytes.length, sha256, open: () => Readable.from([bytes]) };
}

/** Kernel and initrd that name the version they are of, each a few clusters long. */
export function assetsOf(version: string, length = 10_000): Assets {
  return {
    kernel: asset(`kernel ${version} `.repeat(length).slice(0, length)),
    initrd: asset(`initrd ${version} `.repeat(length * 2).slice(0, length * 2)),
  };
}

/** A deployment of a version. */
export function deploymentOf(version: string, serial: number): Deployment {
  return {
    deployId: `d-${serial}`,
    serial,
    version,
    imageSerial: serial,
    rootSha256: createHash('sha256').update(version).digest('hex'),
  };
}
