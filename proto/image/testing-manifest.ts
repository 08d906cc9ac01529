/** A manifest for tests: right in every way, and of no image. */

import { BLOCK_BYTES, indexBytes } from './limits.ts';
import type { ImagePart, Manifest, Role } from './manifest.ts';

/** A part of so many bytes of which no block is all zeros. */
export function samplePart(role: Role, size: number): ImagePart {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  return {
    role,
    size,
    sha256: 'ab'.repeat(32),
    blockSize: BLOCK_BYTES,
    index: { digest: digest('1'), size: indexBytes(size, Math.ceil(size / BLOCK_BYTES)) },
    frames: { digest: digest('2'), size: Math.ceil(size / 2) },
  };
}

/** The manifest, with what a test wants to be otherwise. */
export function sampleManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    v: 1,
    kind: 'os',
    name: 'debian-node',
    version: '2026.11.1',
    serial: 42,
    minSerial: 30,
    compatible: ['nodectl-x86-64'],
    created: '2026-11-01T12:00:00Z',
    notAfter: '2027-11-01T12:00:00Z',
    minAgent: '0.1.0',
    images: [samplePart('root', 8 << 20), samplePart('kernel', 100_001), samplePart('initrd', 300_000)],
    deltas: [{ fromRootSha256: 'cd'.repeat(32), digest: `sha256:${'3'.repeat(64)}`, size: 70_000 }],
    cmdline: 'ro quiet',
    kernelRelease: '6.1.0-32-amd64',
    kernelPackage: '6.1.129-1',
    distribution: 'debian',
    firmware: [{ driver: 'bnx2x', file: 'bnx2x/bnx2x-e2-7.13.21.0.fw', version: '7.13.21.0' }],
    modules: ['bnx2x', 'e1000e'],
    health: {
      deadlineSeconds: 600,
      checks: [
        { kind: 'unit', name: 'chrony.service' },
        { kind: 'tcp', port: 22 },
      ],
    },
    ...changes,
  };
}
