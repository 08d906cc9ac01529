/** What `--help` and `nodectl help` print. */

import { nearest } from '../../proto/did-you-mean.ts';
import { Failure } from '../../proto/failure.ts';
import type { CommandSpec } from '../commands/declaration.ts';
import type { Terminal } from '../output/terminal.ts';
import { names, type Request } from '../program.ts';
import { commandPage, type PageStyle, rootPage } from './page.ts';
import { TOPIC_NAMES, topic, topicText } from './topics.ts';

/** A pipe has no width, but help without line breaks cannot be read. */
const PIPE_WIDTH = 100;
/** Longer lines are hard to read. */
const MAX_WIDTH = 120;

/** The text. Throws BAD_ARGUMENT where there is no such topic. */
export function helpText(
  request: Extract<Request, { kind: 'help' | 'topic' }>,
  commands: readonly CommandSpec[],
  terminal: Pick<Terminal, 'width' | 'style'>,
): string {
  const style: PageStyle = {
    width: Math.min(terminal.width ?? PIPE_WIDTH, MAX_WIDTH),
    heading: (text) => terminal.style('bold', text),
  };
  if (request.kind === 'help')
    return request.command ? commandPage(request.command, request.path, style) : rootPage(commands, style);
  const found = topic(request.topic);
  if (found) return `${style.heading(found.title)}\n\n${topicText(found, style.width)}`;
  const command = commands.find(({ aliases }) => aliases?.includes(request.topic));
  if (command) return commandPage(command, command.name, style);
  const known = [...TOPIC_NAMES, ...names(commands)];
  const near = nearest(request.topic, known);
  throw new Failure('BAD_ARGUMENT', `there is no help on "${request.topic.slice(0, 80)}"`, {
    hint: near ? `did you mean "nodectl help ${near}"?` : `the topics are ${TOPIC_NAMES.join(', ')}`,
  });
}
