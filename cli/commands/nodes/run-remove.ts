/** `nodectl nodes remove`. */

import { nearest } from '../../../proto/did-you-mean.ts';
import { Failure } from '../../../proto/failure.ts';
import { removeNodes } from '../../context/edit.ts';
import { expandNames, foldNames } from '../../fleet/names.ts';
import { confirm, onNodes } from '../../output/confirm.ts';
import { flag, type Session } from '../../session.ts';
import { chosenEntry } from './context-file.ts';
import { withIssuer } from './register.ts';

export async function run(session: Session): Promise<void> {
  const names = [...new Set(session.args.flatMap(expandNames))];
  const { path, name, entry } = await chosenEntry(session);
  const register = flag(session, 'register');
  const known = entry.nodes.map((node) => node.name);
  const unknown = names.filter((one) => !known.includes(one));
  // The register may know a node that this file does not.
  if (unknown.length > 0 && !register) {
    const near = nearest(unknown[0] ?? '', known);
    throw new Failure('UNKNOWN_NODE', `the context "${name}" has no node ${foldNames(unknown)}`, {
      hint: near ? `did you mean "${near}"?` : 'nodectl nodes list shows those that it has',
    });
  }
  const which = onNodes(names.map((one) => ({ name: one }))).replace(/^on /, '');
  await confirm(
    session,
    register
      ? `Remove ${which} from the register and the context? They can then renew no more`
      : `Remove ${which} from the context "${name}"?`,
  );
  const gone: string[] = [];
  if (register)
    await withIssuer(session, async (channel) => {
      for (const node of names) {
        const { removed } = await channel.unary(
          'nodectl.v1.IssuerService/RemoveNode',
          { node },
          session.limits(),
        );
        if (removed) gone.push(node);
      }
    });
  const removed = await removeNodes(path, name, names);
  if (gone.length > 0) session.terminal.note(`${foldNames(gone)} removed from the register.`);
  if (removed.length > 0) session.terminal.note(`${foldNames(removed)} removed from the context "${name}".`);
  const nowhere = names.filter((one) => !gone.includes(one) && !removed.includes(one));
  if (nowhere.length > 0)
    throw new Failure(
      'UNKNOWN_NODE',
      `neither the register nor the context "${name}" has ${foldNames(nowhere)}`,
      {
        hint: 'nodectl nodes list --register shows those that it has',
      },
    );
}
