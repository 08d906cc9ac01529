/** Writing what is kept about upgrades: the disk of /var fills up, and who upgrades then is to be told so. */

import { Failure } from '../../proto/failure.ts';

/** Writes. @throws Failure UPGRADE_STATE_UNWRITABLE for the system's errors */
export function onDisk(write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new Failure(
      'UPGRADE_STATE_UNWRITABLE',
      `what the node keeps about its upgrades cannot be written: ${(cause as Error).message}`,
      { hint: 'see that the disk of the agent’s state is neither full nor read-only', cause },
    );
  }
}
