/** Asking before something is changed: on a terminal by a question, elsewhere by --yes. */

import { createInterface } from 'node:readline/promises';
import { Failure } from '../../proto/failure.ts';
import { flag, type Session } from '../session.ts';

/** Returns when the user agrees. Throws BAD_ARGUMENT where nobody can be asked, CANCELLED where the answer is no. */
export async function confirm(session: Session, question: string): Promise<void> {
  if (flag(session, 'yes')) return;
  if (!process.stdin.isTTY || !session.terminal.isErrorTerminal)
    throw new Failure('BAD_ARGUMENT', `${question}: nobody can be asked here`, {
      hint: 'write --yes to agree beforehand',
    });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: session.signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('CANCELLED', 'nothing was changed');
  } finally {
    lines.close();
  }
}
