/** Releases that lie in the folder: what their manifests say, and whether they are whole. */

import { existsSync, readFileSync } from 'node:fs';
import { type AgentManifest, parseAgentManifest } from '../../proto/image/agent-manifest.ts';
import { manifestSha256 } from '../../proto/image/manifest.ts';
import type { ReleaseFolder } from './folder.ts';
import { sha256Of } from './incoming.ts';

/** The releases of a folder. */
export class StoredReleases {
  readonly #folder: ReleaseFolder;

  constructor(folder: ReleaseFolder) {
    this.#folder = folder;
  }

  /** The exact bytes of a release's manifest and signatures. Throws the system's error where they cannot be read. */
  read(release: string): { manifestBytes: Buffer; envelope: Buffer } {
    const bytes = (name: string) => readFileSync(this.#folder.of(release, name));
    return { manifestBytes: bytes('manifest.json'), envelope: bytes('signatures.json') };
  }

  /** A release's manifest; undefined where there is no such release, or none that can be read. */
  manifestOf(release: string): AgentManifest | undefined {
    if (!this.#folder.has(release)) return undefined;
    try {
      return parseAgentManifest(this.read(release).manifestBytes);
    } catch {
      return undefined;
    }
  }

  /** Whether each file of a release is there, as its manifest says. */
  async isWhole(release: string): Promise<boolean> {
    try {
      const { manifestBytes } = this.read(release);
      if (manifestSha256(manifestBytes) !== release) return false;
      for (const { path, sha256 } of parseAgentManifest(manifestBytes).files)
        if ((await sha256Of(this.#folder.of(release, path))) !== sha256) return false;
      return existsSync(this.#folder.of(release, 'SHA256SUMS'));
    } catch {
      return false;
    }
  }
}
