/**
 * The state folder belongs to one agent at a time. Two would each keep a denylist and an audit log of their own in the same
 * files: a denial of the one is lost to the other, and the audit log looks tampered with.
 */

import { lockFolder } from '../../pki/issuer/lock.ts';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';

/** Makes the folder where it is missing, takes it, and gives the function that lets go of it. Throws BAD_CONFIG. */
export function takeStateFolder(folder: string): () => void {
  try {
    makeFolder(folder);
    return lockFolder(folder, 'agent.lock');
  } catch (cause) {
    if (cause instanceof Failure && cause.reason === 'ISSUER_BUSY')
      throw new Failure('BAD_CONFIG', `another agent works with ${folder} already`, {
        hint: 'stop that one first (systemctl stop nodectl-agent), or give this one a --state of its own',
        cause,
      });
    throw new Failure('BAD_CONFIG', `the state folder cannot be used: ${Failure.from(cause).message}`, {
      hint: 'run the agent as the owner of that folder, which is root as a rule, or name another with --state',
      cause,
    });
  }
}
