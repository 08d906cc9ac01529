/** Errors for a person: what failed and why, what to do next, and the reason code; over many nodes, each trouble once. */

import { Failure } from '../../proto/failure.ts';
import { foldNames } from '../fleet/names.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** More groups than these are counted, not shown: a thousand nodes with a thousand troubles would scroll everything away. */
const MAX_GROUPS = 20;

/** Behind "error: ". */
const INDENT = ' '.repeat(7);

/** Writes one failure to stderr. */
export function reportFailure(terminal: Terminal, failure: Failure, where = ''): void {
  const { reason, message, hint } = failure;
  const label = terminal.styleError('red', 'error:');
  const code = terminal.styleError('dim', `[${reason}]`);
  // What more lines it has stand below the first, so that it is seen where the next error begins.
  const told = visible(`${where}${message}`).replaceAll('\n', `\n${INDENT}`);
  terminal.stderr.write(`${label} ${told} ${code}\n`);
  if (hint) terminal.note(` hint: ${hint.replaceAll('\n', `\n${INDENT}`)}`);
}

/** Failures with one cause, and the nodes that have it. */
export interface FailureGroup {
  nodes: string[];
  /** That of the first node; where its message has an address or a time that others' have not, it says that it is an example. */
  failure: Failure;
}

/** Failures grouped by their cause, those of most nodes first. */
export function groupFailures(failures: readonly { node: string; failure: Failure }[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup & { alike: boolean }>();
  for (const { node, failure } of failures) {
    const key = `${failure.reason}\0${withoutPlace(failure.message, node)}`;
    const group = groups.get(key) ?? { nodes: [], failure, alike: true };
    group.nodes.push(node);
    group.alike &&= group.failure.message === failure.message;
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => b.nodes.length - a.nodes.length)
    .map(({ nodes, failure, alike }) => ({ nodes, failure: alike ? failure : exampleOf(failure, nodes[0]) }));
}

function exampleOf(failure: Failure, node: string | undefined): Failure {
  const { reason, message, hint, facts, cause } = failure;
  return new Failure(reason, `for example ${node}: ${message}`, { hint, facts, cause });
}

/** Writes failures of several nodes to stderr, those with the same cause as one. `total` is how many nodes were called. */
export function reportFailures(
  terminal: Terminal,
  failures: readonly { node: string; failure: Failure }[],
  total: number,
): void {
  const shown = groupFailures(failures);
  for (const { nodes, failure } of shown.slice(0, MAX_GROUPS)) {
    const count = nodes.length > 1 ? ` (${nodes.length} nodes)` : '';
    reportFailure(terminal, failure, total > 1 || nodes.length > 1 ? `${foldNames(nodes)}${count}: ` : '');
  }
  const rest = shown.slice(MAX_GROUPS);
  if (rest.length > 0)
    terminal.note(
      `and ${rest.length} other troubles of ${rest.reduce((sum, { nodes }) => sum + nodes.length, 0)} nodes; -o json has all`,
    );
}

/** The message without what differs from node to node, so that one cause is one group. */
function withoutPlace(message: string, node: string): string {
  return message
    .replaceAll(node, '')
    .replace(/(?:\[[0-9a-fA-F:.%]+\]|[\w.-]+):\d{1,5}\b/g, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
    .replace(/\d+ ms\b/g, '');
}

/** A failure for programs. */
export function errorObject(failure: Failure): Record<string, unknown> {
  const { reason, message, hint, facts } = failure;
  return { reason, message, ...(hint ? { hint } : {}), ...(Object.keys(facts).length > 0 ? { facts } : {}) };
}
