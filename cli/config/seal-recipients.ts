/** The keys to which secrets are sealed: those of the chosen nodes, asked for now, and recovery keys. */

import { Failure } from '../../proto/failure.ts';
import { fanOut } from '../fleet/fan-out.ts';
import { foldNames } from '../fleet/names.ts';
import { reportFailures } from '../output/report.ts';
import { list, type Session } from '../session.ts';
import type { SealRecipients } from './seal-file.ts';

/** Asks the chosen nodes. A node that does not answer could not open the secret later, so none may be missing. */
export async function sealRecipients(session: Session): Promise<SealRecipients> {
  const results = await fanOut(session, await session.targets(), (channel) =>
    channel.unary('nodectl.v1.ConfigService/GetSealKey', {}, session.limits()),
  );
  const failures = results.filter((result) => 'failure' in result);
  reportFailures(session.terminal, failures, results.length);
  if (failures.length > 0)
    throw new Failure(
      'HOST_UNREACHABLE',
      `${foldNames(failures.map(({ node }) => node))} did not give a key, so nothing was sealed`,
      {
        hint: 'choose the nodes that answer, and reseal for the others later',
      },
    );
  const answered = results.filter((result) => 'value' in result);
  return {
    nodes: answered.map(({ node }) => node),
    recipients: [...answered.map(({ value }) => value.recipient), ...list(session, 'recovery')],
  };
}
