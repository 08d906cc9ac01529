/**
 * `nodectl`: reads the command line, runs the command, and turns what came of it into an exit status. Nothing here looks at
 * the machine when it is loaded: packages keep this module's heap in a start-up snapshot. What only some commands need
 * is imported by them.
 */

import { Failure } from '../proto/failure.ts';
import { COMMANDS } from './commands/table.ts';
import { EXIT, exitOf } from './output/exit-codes.ts';
import { type ColourChoice, type Sink, Terminal } from './output/terminal.ts';
import { type ParsedCommand, parseCommandLine, type Request } from './program.ts';
import type { OpenChannel } from './session.ts';

/** What stands in for the world in tests. */
export interface World {
  stdout: Sink;
  stderr: Sink;
  env: Readonly<Record<string, string | undefined>>;
  open: OpenChannel;
}

/** The real way to a node: loaded when the first channel is opened. */
const openForReal: OpenChannel = async (target, signal) => {
  const { openChannel } = await import('../proto/call/open.ts');
  return openChannel(target, signal);
};

/**
 * Runs a command line (without the program's name) and sets the process' exit status. Ends by running out of work, never
 * by process.exit(): under load that can hang in this runtime.
 */
export async function main(argv: readonly string[], world: Partial<World> = {}): Promise<void> {
  const { stdout = process.stdout, stderr = process.stderr, env = process.env, open = openForReal } = world;
  const ended = new AbortController();
  let interrupted: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals) => {
    // A second Ctrl-C ends a command that does not end by itself, as if nobody had listened for it.
    if (interrupted) {
      process.removeListener(signal, interrupt);
      process.kill(process.pid, signal);
    }
    interrupted = signal;
    ended.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const terminal = new Terminal({ stdout, stderr, env, colour: colourOf(argv), closed: () => ended.abort() });
  let parsed: ParsedCommand | undefined;
  try {
    const request = await parseCommandLine(COMMANDS, argv, env);
    if (request.kind !== 'run') {
      await answer(request, terminal);
      process.exitCode = EXIT.ok;
      return;
    }
    parsed = request.parsed;
    const module = await parsed.command.load?.();
    if (!module) throw new Failure('INTERNAL', `the command ${parsed.path} has no code`);
    const { newSession } = await import('./new-session.ts');
    const session = newSession({ ...parsed, terminal, env, signal: ended.signal, open });
    const status = (await module.run(session)) ?? EXIT.ok;
    process.exitCode = interrupted && !session.endsByInterrupt ? EXIT.interrupted : status;
  } catch (error) {
    const failure = Failure.from(error);
    process.exitCode = interrupted ? EXIT.interrupted : exitOf(failure);
    if (!interrupted && !terminal.gone)
      await report(failure, terminal, parsed?.options.output ?? outputOf(argv, env), env);
  } finally {
    await terminal.settled();
    // Whoever reads the output and has enough of it is content; output that could not be written is lost.
    if (terminal.failure) process.exitCode = EXIT.failed;
    else if (terminal.gone) process.exitCode = EXIT.ok;
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

/** Help and version. */
async function answer(request: Exclude<Request, { kind: 'run' }>, terminal: Terminal): Promise<void> {
  if (request.kind === 'version') {
    const { VERSION } = await import('../proto/version.ts');
    return terminal.line(`nodectl ${VERSION}`);
  }
  const { helpText } = await import('./help/answer.ts');
  await terminal.write(helpText(request, COMMANDS, terminal));
}

async function report(
  failure: Failure,
  terminal: Terminal,
  output: unknown,
  env: World['env'],
): Promise<void> {
  const { errorObject, reportFailure } = await import('./output/report.ts');
  // A program that reads JSON reads errors in JSON too.
  const asJson = ['json', 'jsonl'].includes(String(output));
  if (asJson) terminal.stderr.write(`${JSON.stringify({ error: errorObject(failure) })}\n`);
  else reportFailure(terminal, failure);
  if (failure.reason !== 'INTERNAL') return;
  if (env.NODECTL_DEBUG) terminal.note((failure.cause as Error | undefined)?.stack ?? failure.stack ?? '');
  else if (!asJson) terminal.note(` hint: ${unforeseen(failure.cause)}; NODECTL_DEBUG=1 shows where`);
}

/** What an error that nothing was prepared for is most likely about: a file of this machine, or nodectl itself. */
function unforeseen(cause: unknown): string {
  const { code, path } = (cause ?? {}) as { code?: unknown; path?: unknown };
  return typeof code === 'string' && typeof path === 'string'
    ? 'is that path right, may you use it, and has its disk room'
    : 'this is a defect of nodectl';
}

/** The format that is wanted, as far as a command line tells that could not be understood. */
function outputOf(argv: readonly string[], env: World['env']): string | undefined {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findLastIndex((word) => /^(?:-o|--output(?:=|$))/.test(word));
  const given = /^(?:-o|--output=)(.+)/.exec(words[at] ?? '')?.[1] ?? (at < 0 ? undefined : words[at + 1]);
  return given ?? env.NODECTL_OUTPUT;
}

/** --color is needed before the command line is understood, since that itself may have to complain. */
function colourOf(argv: readonly string[]): ColourChoice {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findLastIndex((word) => word === '--color' || word.startsWith('--color='));
  const given = words[at]?.includes('=') ? words[at]?.slice('--color='.length) : words[at + 1];
  if (at >= 0 && (given === 'always' || given === 'never' || given === 'auto')) return given;
  return words.includes('--no-color') ? 'never' : 'auto';
}
