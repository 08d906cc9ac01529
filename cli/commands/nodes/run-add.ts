/** `nodectl nodes add`. */

import { checkNodeName } from '../../../pki/names.ts';
import { splitAddress, withAgentPort } from '../../../proto/address.ts';
import { putNode } from '../../context/edit.ts';
import { changedLabels, parseLabels } from '../../fleet/labels.ts';
import { list, type Session } from '../../session.ts';
import { chosenEntry } from './context-file.ts';

export async function run(session: Session): Promise<void> {
  const [given = '', ...places] = session.args;
  const name = checkNodeName(given);
  const addresses = places.map(withAgentPort);
  for (const address of addresses) splitAddress(address);
  const context = await chosenEntry(session);
  const before = context.entry.nodes.find((node) => node.name === name);
  const labels = changedLabels(before?.labels ?? {}, parseLabels(list(session, 'label')));
  await putNode(context.path, context.name, { name, addresses, labels });
  session.terminal.note(`${name} was ${before ? 'changed in' : 'added to'} the context "${context.name}".`);
}
