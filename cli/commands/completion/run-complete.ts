/** `nodectl __complete`: what the completion scripts ask. Says nothing on errors: a person is typing. */

import { formatsOf, HELP_OPTION, leadingOptions, optionsOf, VERSION_OPTION } from '../../common-options.ts';
import { type Candidate, complete } from '../../completion/complete.ts';
import { valueSources } from '../../completion/values.ts';
import { splitLine } from '../../completion/words.ts';
import type { Session } from '../../session.ts';
import { COMMANDS } from '../table.ts';

/** Nothing else is offered: a shell would have to quote it, and bash does not. */
const PLAIN = /^[\w.,:=@%+/!-]+$/;

export async function run(session: Session): Promise<void> {
  const [shell, ...rest] = session.args;
  // Bash hands over its line, whose first word is the program.
  const words = shell === 'bash' ? splitLine(rest[0] ?? '').slice(1) : rest;
  const { candidates, paths, open } = await complete(words, {
    commands: COMMANDS,
    optionsOf: (spec) => [...(spec ? optionsOf(spec) : [...leadingOptions(), VERSION_OPTION]), HELP_OPTION],
    formatsOf,
    sources: (chosen) => valueSources(chosen, session.env),
  });
  const lines = candidates.filter(({ value }) => PLAIN.test(value)).map(line);
  const directive = [paths, open && 'open'].filter(Boolean).join(' ');
  await session.terminal.write(`${[...lines, `:${directive}`].join('\n')}\n`);
}

function line({ value, about = '' }: Candidate): string {
  const plain = about.replace(/[\0-\x1f\x7f]+/g, ' ').slice(0, 100);
  return plain ? `${value}\t${plain}` : value;
}
