/** Whether a release may be installed on this node at all: who signed it, for which machines, until when. */

import { Failure } from '../../proto/failure.ts';
import { AGENT_MANIFEST_TYPE, parseAgentManifest } from '../../proto/image/agent-manifest.ts';
import { parseEnvelope, verifyManifest } from '../../proto/image/envelope.ts';
import type { Keyring } from '../../proto/image/keyring.ts';
import { manifestSha256 } from '../../proto/image/manifest.ts';
import type { Offered } from './incoming.ts';

/** Whose releases are trusted. */
export interface ReleaseTrust {
  /** Read anew each time: a key may have been taken away. @throws Failure IMAGE_KEYRING_INVALID */
  readonly keyring: () => Keyring;
  /** How many of the keys must have signed. */
  readonly threshold: number;
}

/** What a release is held against. */
export interface Acceptance {
  /** Undefined where the configuration trusts nobody. */
  readonly trust: ReleaseTrust | undefined;
  /** process.platform and process.arch, "linux-x64". */
  readonly platform: string;
  readonly now: () => number;
}

/**
 * The release that a manifest and its signatures are of.
 * @throws Failure RELEASE_UNTRUSTED, RELEASE_WRONG_PLATFORM, RELEASE_EXPIRED, and what is wrong with manifest or signatures
 */
export function verifyRelease(
  manifestBytes: Uint8Array,
  envelope: Uint8Array,
  { trust, platform, now }: Acceptance,
): Offered {
  if (!trust)
    throw new Failure('RELEASE_UNTRUSTED', 'the agent is not told whose releases of it to trust', {
      hint: 'set upgrades.keys in agent.yaml to a folder with the public keys',
    });
  const signatures = parseEnvelope(envelope, AGENT_MANIFEST_TYPE);
  verifyManifest(manifestBytes, signatures, trust.keyring(), trust.threshold, AGENT_MANIFEST_TYPE);
  const manifest = parseAgentManifest(manifestBytes);
  if (manifest.platform !== platform)
    throw new Failure(
      'RELEASE_WRONG_PLATFORM',
      `the release is for ${manifest.platform}, and the node is ${platform}`,
      { hint: 'send the release that was built for this kind of machine' },
    );
  if (manifest.notAfter !== undefined && Date.parse(manifest.notAfter) < now())
    throw new Failure('RELEASE_EXPIRED', `the release was to be installed until ${manifest.notAfter}`, {
      hint: 'sign a newer one; or is the node’s clock wrong?',
    });
  return { release: manifestSha256(manifestBytes), manifest, manifestBytes, envelope };
}
