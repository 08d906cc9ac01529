/** What a running command is given: its arguments, the terminal, the context, and the fleet. */

import type { CallLimits, Channel, ChannelTarget } from '../proto/call/channel.ts';
import type { CommandSpec } from './commands/declaration.ts';
import type { Context, ContextsFile } from './context/contexts.ts';
import type { Target } from './fleet/target.ts';
import type { Terminal } from './output/terminal.ts';

/** Opens a channel: proto/call in real life, a stand-in in tests. */
export type OpenChannel = (target: ChannelTarget, signal?: AbortSignal) => Promise<Channel>;

/** Values of options by their long names in camel case, as commander gives them. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** What a running command is given. */
export interface Session {
  readonly command: CommandSpec;
  /** The command as it was written: "pki token". */
  readonly path: string;
  /** Arguments in order; a variadic one gives the rest. */
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Set by a command that is meant to run until Ctrl-C: its exit status then counts, and not that of an interruption. */
  endsByInterrupt?: boolean;
  /** Lines about the work that were told before the data, so that both fit on a screen. */
  noted?: number;
  readonly open: OpenChannel;
  /** The contexts file, read once. An absent file is an empty one. */
  contexts(): Promise<ContextsFile>;
  /** The context that flags, environment and file choose. Throws NO_CONTEXT. */
  context(): Promise<Context>;
  /** The nodes that the options choose, sorted by name. Throws NO_TARGET, UNKNOWN_NODE. */
  targets(): Promise<Target[]>;
  /** Limits of one call, from --timeout and the signal. */
  limits(): CallLimits;
}

/** An option's text, or undefined where it was not given. */
export function text(session: Session, name: string): string | undefined {
  const value = session.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether an option without a value was given. */
export function flag(session: Session, name: string): boolean {
  return session.options[name] === true;
}

/** A repeatable option's values. */
export function list(session: Session, name: string): string[] {
  const value = session.options[name];
  return Array.isArray(value) ? value.map(String) : [];
}
