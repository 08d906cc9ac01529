/** Asking before something is changed: on a terminal by a question, elsewhere by --yes. */

import { Failure } from '../../proto/failure.ts';
import { foldNames } from '../fleet/names.ts';
import { flag, type Session } from '../session.ts';
import { visibleName } from './visible.ts';

/** Returns when the user agrees. Throws BAD_ARGUMENT where nobody can be asked, CANCELLED where the answer is no. */
export async function confirm(session: Session, question: string): Promise<void> {
  if (flag(session, 'yes')) return;
  if (!process.stdin.isTTY || !session.terminal.isErrorTerminal) {
    const dryRun = session.command.options?.some(({ flags }) => flags === '--dry-run') ?? false;
    throw new Failure('BAD_ARGUMENT', `nobody can be asked here: ${question}`, {
      hint: `write --yes to agree beforehand${dryRun ? ', or --dry-run to see what would be done' : ''}`,
    });
  }
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${visibleName(question)} [y/N] `, { signal: session.signal });
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new Failure('CANCELLED', 'not agreed to, so nothing was changed');
  } finally {
    lines.close();
  }
}

/** The nodes of a question by their names, and by their number where they are several. */
export function onNodes(targets: readonly { name: string }[]): string {
  const names = foldNames(targets.map(({ name }) => name));
  return targets.length === 1 ? `on ${names}` : `on ${targets.length} nodes (${names})`;
}
