/** `nodectl access trust`. */

import { readFileSync } from 'node:fs';
import { Failure } from '../../../proto/failure.ts';
import { fanOut } from '../../fleet/fan-out.ts';
import { whyNotRead } from '../../not-read.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { printResults } from '../../output/format.ts';
import { flag, type Session } from '../../session.ts';

/** A fingerprint as it is shown in a table: enough to tell the roots of one organisation apart. */
const SHOWN = 23;

export async function run(session: Session): Promise<number> {
  const [file = ''] = session.args;
  const statement = readStatement(file);
  const targets = await session.targets();
  const validateOnly = flag(session, 'dryRun');
  if (!validateOnly) await confirm(session, `Change whom nodes trust ${onNodes(targets)}, as ${file} says?`);
  const request = { statement, validateOnly };
  const results = await fanOut(session, targets, (channel) =>
    channel.unary('nodectl.v1.AccessService/ChangeTrust', request, session.limits()),
  );
  const result = (change: string, changed: boolean) => {
    if (!changed) return change === 'trust' ? 'was trusted already' : 'was not trusted';
    const becomes = change === 'trust' ? 'trusted' : 'no longer trusted';
    return validateOnly ? `would be ${becomes}` : becomes;
  };
  return printResults(session, results, {
    columns: [
      { title: 'NODE', value: ({ node }) => node, whole: true },
      { title: 'ROOT', value: ({ value }) => value.root.slice(0, SHOWN) },
      { title: 'RESULT', value: ({ value }) => result(value.change, value.changed) },
      {
        title: 'OWN CERTIFICATE',
        value: ({ value }) => (value.ownRoot === value.root ? 'of this root' : 'of another root'),
      },
      { title: 'TRUSTED ROOTS', value: ({ value }) => String(value.trusted.length), align: 'right' },
    ],
    json: ({ change, changed, root, trusted, ownRoot }, node) => ({
      ...{ node, change, changed, root, trusted, ownRoot },
      dryRun: validateOnly,
    }),
  });
}

function readStatement(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('BAD_ARGUMENT', `the statement ${file} cannot be read: ${whyNotRead(cause)}`, {
      hint: 'make one: nodectl pki hand-over',
      cause,
    });
  }
}
