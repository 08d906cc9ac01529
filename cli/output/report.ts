/** Errors for a person: what failed and why, what to do next, and the reason code; over many nodes, each trouble once. */

import type { Failure } from '../../proto/failure.ts';
import { foldNames } from '../fleet/names.ts';
import type { Terminal } from './terminal.ts';

/** Writes one failure to stderr. */
export function reportFailure(terminal: Terminal, failure: Failure, where = ''): void {
  const { reason, message, hint } = failure;
  const label = terminal.styleError('red', 'error:');
  terminal.stderr.write(`${label} `);
  terminal.note(`${where}${message} [${reason}]`);
  if (hint) terminal.note(` hint: ${hint}`);
}

/** Writes failures of several nodes to stderr, those with the same cause as one. `total` is how many nodes were called. */
export function reportFailures(
  terminal: Terminal,
  failures: readonly { node: string; failure: Failure }[],
  total: number,
): void {
  const groups = new Map<string, { nodes: string[]; failure: Failure }>();
  for (const { node, failure } of failures) {
    const key = `${failure.reason}\0${withoutAddress(failure.message, node)}`;
    const group = groups.get(key) ?? { nodes: [], failure };
    group.nodes.push(node);
    groups.set(key, group);
  }
  for (const { nodes, failure } of groups.values()) {
    const count = nodes.length > 1 ? ` (${nodes.length} nodes)` : '';
    reportFailure(terminal, failure, total > 1 || nodes.length > 1 ? `${foldNames(nodes)}${count}: ` : '');
  }
}

/** The message without what differs from node to node, so that one cause is one group. */
function withoutAddress(message: string, node: string): string {
  return message
    .replaceAll(node, '')
    .replace(/(?:\[[0-9a-fA-F:.%]+\]|[\w.-]+):\d{1,5}\b/g, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
}
