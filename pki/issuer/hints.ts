/** Bounds on what nodes say of themselves: addresses and labels are hints for the register and give no right to a name. */

import { ADDRESS_HINT, parseAddress } from '../../proto/address.ts';
import { Failure } from '../../proto/failure.ts';
import { isLabelName, isLabelValue, LABEL_HINT, MAX_LABELS } from '../../proto/labels.ts';

const MAX_ADDRESSES = 16;

/** The addresses, or BAD_ARGUMENT where one is none or there are too many. */
export function checkAddresses(addresses: readonly string[]): string[] {
  if (addresses.length > MAX_ADDRESSES)
    throw new Failure('BAD_ARGUMENT', `${addresses.length} addresses are too many`, {
      hint: `name at most ${MAX_ADDRESSES}`,
    });
  const wrong = addresses.find((address) => !parseAddress(address));
  if (wrong !== undefined)
    throw new Failure('BAD_ARGUMENT', `"${wrong.slice(0, 80)}" is not an address`, {
      hint: ADDRESS_HINT,
    });
  return [...addresses];
}

/** The labels, or BAD_ARGUMENT where one is malformed or there are too many. */
export function checkLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels);
  if (entries.length > MAX_LABELS)
    throw new Failure('BAD_ARGUMENT', `${entries.length} labels are too many`, {
      hint: `set at most ${MAX_LABELS}`,
    });
  for (const [name, value] of entries)
    if (!isLabelName(name) || !isLabelValue(value))
      throw new Failure('BAD_ARGUMENT', `"${name.slice(0, 70)}=${value.slice(0, 70)}" is not a label`, {
        hint: LABEL_HINT,
      });
  return Object.fromEntries(entries);
}

/**
 * The labels that operators set on a node, after some were set and some taken away: one of the node's own is hidden, which
 * null stands for. BAD_ARGUMENT where there are too many then.
 */
export function mergeLabels(
  node: { ownLabels: Readonly<Record<string, string>>; setLabels: Readonly<Record<string, string | null>> },
  set: Readonly<Record<string, string>>,
  remove: readonly string[],
): Record<string, string | null> {
  const labels = new Map<string, string | null>(Object.entries({ ...node.setLabels, ...set }));
  for (const label of remove) {
    if (Object.hasOwn(node.ownLabels, label)) labels.set(label, null);
    else labels.delete(label);
  }
  // A null is needed only while the node says that label itself.
  for (const [label, value] of labels)
    if (value === null && !Object.hasOwn(node.ownLabels, label)) labels.delete(label);
  if (labels.size > MAX_LABELS)
    throw new Failure('BAD_ARGUMENT', `the node would have ${labels.size} labels set, which are too many`, {
      hint: `at most ${MAX_LABELS} can be set; take others away first`,
    });
  return Object.fromEntries(labels);
}
