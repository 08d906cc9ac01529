/** `nodectl`: reads the command line, runs the command, and turns what came of it into an exit status. */

import { Failure } from '../proto/failure.ts';
import { COMMANDS } from './commands/table.ts';
import { newSession } from './new-session.ts';
import { EXIT, exitOf } from './output/exit-codes.ts';
import { errorObject } from './output/format.ts';
import { reportFailure } from './output/report.ts';
import { type ColourChoice, Terminal } from './output/terminal.ts';
import { parseCommandLine } from './program.ts';
import type { OpenChannel } from './session.ts';

/** What stands in for the world in tests. */
export interface World {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: Readonly<Record<string, string | undefined>>;
  open: OpenChannel;
}

/**
 * Runs a command line (without the program's name) and sets the process' exit status. Ends by running out of work, never
 * by process.exit(): under load that can hang in this runtime.
 */
export async function main(argv: readonly string[], world: Partial<World> = {}): Promise<void> {
  const { stdout = process.stdout, stderr = process.stderr, env = process.env, open = openLazily } = world;
  const ended = new AbortController();
  const interrupt = () => {
    // A second Ctrl-C ends a command that does not end by itself.
    if (ended.signal.aborted) process.kill(process.pid, 'SIGKILL');
    ended.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const terminal = new Terminal({ stdout, stderr, env, colour: colourOf(argv), closed: () => ended.abort() });
  let asJson = false;
  try {
    const parsed = await parseCommandLine(COMMANDS, argv, terminal);
    if (!parsed) {
      process.exitCode = EXIT.ok;
      return;
    }
    asJson = ['json', 'jsonl'].includes(String(parsed.options.output ?? ''));
    const module = await parsed.command.load?.();
    if (!module) throw new Failure('INTERNAL', `the command ${parsed.path} has no code`);
    const session = newSession({ ...parsed, terminal, env, signal: ended.signal, open });
    const status = (await module.run(session)) ?? EXIT.ok;
    // Whoever reads the output and has enough of it is content.
    process.exitCode = terminal.gone ? EXIT.ok : ended.signal.aborted ? EXIT.interrupted : status;
  } catch (error) {
    const failure = Failure.from(error);
    if (terminal.gone) process.exitCode = EXIT.ok;
    else if (ended.signal.aborted) process.exitCode = EXIT.interrupted;
    else {
      if (asJson) stderr.write(`${JSON.stringify({ error: errorObject(failure) })}\n`);
      else reportFailure(terminal, failure);
      if (failure.reason === 'INTERNAL' && env.NODECTL_DEBUG)
        stderr.write(`${(failure.cause as Error)?.stack ?? failure.stack}\n`);
      process.exitCode = exitOf(failure);
    }
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

/** TLS and HTTP/2 are loaded when the first channel is opened: other commands do not need them, and no snapshot can hold them. */
const openLazily: OpenChannel = async (target, signal) =>
  (await import('../proto/call/open.ts')).openChannel(target, signal);

/** --color is needed before the command line is parsed, since parsing itself may have to complain. */
function colourOf(argv: readonly string[]): ColourChoice {
  const given = argv.find((word) => word.startsWith('--color='))?.slice('--color='.length);
  return given === 'always' || given === 'never' ? given : argv.includes('--no-color') ? 'never' : 'auto';
}
