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

/** What a node takes. */
const [LEAST_DEADLINE_S, MOST_DEADLINE_S, MOST_MESSAGE] = [30, 86_400, 512];

/** The text of --message, which a node keeps whole. Throws BAD_ARGUMENT. */
export function messageOption(session: Session): string {
  const message = text(session, 'message') ?? '';
  if (message.length > MOST_MESSAGE)
    throw new Failure(
      'BAD_ARGUMENT',
      `--message has ${message.length} characters; nodes keep ${MOST_MESSAGE}`,
    );
  return message;
}

/** The options of an upgrade or a rollback. Throws BAD_ARGUMENT. */
export function upgradeOptions(session: Session): UpgradeOptions {
  const confirmation = text(session, 'confirm');
  const deadline = text(session, 'deadline');
  const peers = list(session, 'peer');
  if (peers.length > 0 && confirmation !== 'quorum')
    throw new Failure('BAD_ARGUMENT', '--peer is for --confirm quorum');
  const seconds = deadline === undefined ? 0 : Math.round((parseDuration(deadline) ?? 0) / 1_000);
  if (deadline !== undefined && (seconds < LEAST_DEADLINE_S || seconds > MOST_DEADLINE_S))
    throw new Failure('BAD_ARGUMENT', `--deadline ${deadline} is not from 30 seconds to 24 hours`);
  const message = messageOption(session);
  return {
    confirmation:
      confirmation === undefined
        ? 'UPGRADE_CONFIRMATION_UNSPECIFIED'
        : CONFIRMATIONS[confirmation as keyof typeof CONFIRMATIONS],
    deadlineSeconds: seconds,
    tries: Number(text(session, 'tries') ?? 0),
    allowDowngrade: flag(session, 'allowDowngrade'),
    acceptTroubles: list(session, 'acceptTrouble'),
    noReboot: session.options.reboot === false,
    reinstall: flag(session, 'reinstall'),
    message,
    peers,
    quorum: Number(text(session, 'quorum') ?? 0),
  };
}
