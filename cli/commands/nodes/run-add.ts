/** `nodectl nodes add`. */

import { checkNodeName } from '../../../pki/names.ts';
import { splitAddress } from '../../../proto/call/connect.ts';
import { chosenContext } from '../../context/contexts.ts';
import { putNode } from '../../context/edit.ts';
import { list, type Session, text } from '../../session.ts';
import { changedLabels, parseLabels } from './labels.ts';

export async function run(session: Session): Promise<void> {
  const [given = '', ...addresses] = session.args;
  const name = checkNodeName(given);
  for (const address of addresses) splitAddress(address);
  const file = await session.contexts();
  const context = chosenContext(file, text(session, 'context'), session.env);
  const before = file.contexts[context]?.nodes.find((node) => node.name === name);
  const labels = changedLabels(before?.labels ?? {}, parseLabels(list(session, 'label')));
  await putNode(file.path, context, { name, addresses, labels });
  session.terminal.note(`${name} was ${before ? 'changed in' : 'added to'} the context "${context}".`);
}
