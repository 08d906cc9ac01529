/** What the flags of `nodectl upgrade` ask of the nodes. */

import { Failure } from '../../proto/failure.ts';
import type { UpgradeOptions } from '../../proto/gen/types/nodectl/v1/UpgradeOptions.ts';
import { parseDuration } from '../duration.ts';
import { flag, list, type Session, text } from '../session.ts';

/** What --confirm takes. */
const CONFIRMATIONS = {
  auto: 'UPGRADE_CONFIRMATION_AUTOMATIC',
  manual: 'UPGRADE_CONFIRMATION_MANUAL',
  quorum: 'UPGRADE_CONFIRMATION_QUORUM',
} as const;

/** The options of an upgrade or a rollback. Throws BAD_ARGUMENT. */
export function upgradeOptions(session: Session): UpgradeOptions {
  const confirmation = text(session, 'confirm');
  const deadline = text(session, 'deadline');
  const peers = list(session, 'peer');
  if (peers.length > 0 && confirmation !== 'quorum')
    throw new Failure('BAD_ARGUMENT', '--peer is for --confirm quorum');
  return {
    confirmation:
      confirmation === undefined
        ? 'UPGRADE_CONFIRMATION_UNSPECIFIED'
        : CONFIRMATIONS[confirmation as keyof typeof CONFIRMATIONS],
    deadlineSeconds: deadline === undefined ? 0 : Math.round((parseDuration(deadline) ?? 0) / 1_000),
    tries: Number(text(session, 'tries') ?? 0),
    allowDowngrade: flag(session, 'allowDowngrade'),
    acceptTroubles: list(session, 'acceptTrouble'),
    noReboot: session.options.reboot === false,
    reinstall: flag(session, 'reinstall'),
    message: text(session, 'message') ?? '',
    peers,
    quorum: Number(text(session, 'quorum') ?? 0),
  };
}
