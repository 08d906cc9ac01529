/** What stands below a command's options on its help page: examples and exit statuses of its own. */

import type { CommandSpec } from './commands/declaration.ts';

/** The text, or an empty one. */
export function helpEpilogue(spec: CommandSpec): string {
  const examples = (spec.examples ?? []).flatMap(({ command, about }) => [
    `  # ${about}`,
    `  ${command}`,
    '',
  ]);
  const codes = Object.entries(spec.exitCodes ?? {}).map(
    ([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`,
  );
  return [
    ...(examples.length > 0 ? ['', 'Examples:', ...examples.slice(0, -1)] : []),
    ...(codes.length > 0 ? ['', 'Exit statuses beside the usual ones:', ...codes] : []),
  ].join('\n');
}
