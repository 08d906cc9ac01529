/** The keys that releases of the agent and images are trusted by, from the folder that the configuration names. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import { type Keyring, readKeyring } from '../../proto/image/keyring.ts';

/** Reads the keys anew: one that was taken away counts no more. @throws Failure IMAGE_KEYRING_INVALID */
export function trustedKeys(folder: string): Keyring {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.pem'));
    return readKeyring(names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })));
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'IMAGE_KEYRING_INVALID',
      `the trusted keys cannot be read: ${(cause as Error).message}`,
      {
        hint: 'upgrades.keys in agent.yaml names their folder',
        cause,
      },
    );
  }
}
