/** The denylist of the issuer in a PKI's folder, for the commands that look at it and change it. */

import { join } from 'node:path';
import { Denylist } from '../../../pki/denylist.ts';
import { denylistOf } from '../../../pki/issuer/live-denylist.ts';
import { lockFolder } from '../../../pki/issuer/lock.ts';
import { Store } from '../../../pki/store.ts';
import { makeFolder } from '../../../proto/make-folder.ts';
import type { Session } from '../../session.ts';
import { pkiFolder } from './folder.ts';

/** The list as it is now. Throws where there is no PKI, or BAD_CONFIG where the list and its copy are damaged. */
export function openDenylist(session: Session): Denylist {
  return told(session, Denylist.open(denylistOf(stateFolder(session))));
}

/** Changes the list while nobody else does. */
export function changeDenylist<T>(session: Session, change: (list: Denylist) => T): T {
  const folder = stateFolder(session);
  makeFolder(folder);
  const unlock = lockFolder(folder, 'denylist.lock');
  try {
    return change(told(session, Denylist.open(denylistOf(folder))));
  } finally {
    unlock();
  }
}

function told(session: Session, list: Denylist): Denylist {
  if (list.problem) session.terminal.warn(list.problem.message);
  return list;
}

function stateFolder(session: Session): string {
  const folder = pkiFolder(session);
  // A folder that holds no PKI has no issuer either: a list in it would be heeded by nobody.
  new Store(folder).certificate('nodes');
  return join(folder, 'issuer');
}
