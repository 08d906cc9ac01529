/**
 * A command as data: what it is called, takes and prints. Declarations are all loaded for `--help` and completion, so they
 * import nothing but types; the code that runs is imported when a command runs.
 */

import type { Session } from '../session.ts';

/** Where completion finds the values of an argument or option. */
export type CompletionSource =
  | 'node'
  | 'context'
  | 'label'
  | 'file'
  | 'folder'
  | 'topic'
  | 'check'
  | 'finding';

/** An option. */
export interface OptionSpec {
  /** As commander writes them: "-f, --follow" or "--tail <N>". */
  flags: string;
  description: string;
  /** What the option gives where it is not written. */
  default?: string | boolean | number;
  /** The only values that are taken. */
  choices?: readonly string[];
  /** May be written several times, and gives a list, or one text with commas between. */
  repeatable?: boolean | 'joined';
  /** What the value must look like. It is checked before the command runs and stays a text. */
  type?: ValueType;
  /** The long option without which this one would do nothing, such as "--skew": to write it alone is refused. */
  needs?: string;
  /** The environment variable that gives the value where the option is not written. */
  env?: string;
  complete?: CompletionSource;
}

/** What an option's value can be: a whole number, or a duration such as "90s". */
export type ValueType = 'whole' | 'duration';

/** An argument. */
export interface ArgumentSpec {
  name: string;
  description: string;
  required?: boolean;
  variadic?: boolean;
  choices?: readonly string[];
  complete?: CompletionSource;
}

/** An example for the help page. */
export interface Example {
  command: string;
  about: string;
}

/**
 * Which nodes a command is for: none; those that it reads; those that it reads, all where none are named; those that it
 * changes. A command that changes something never means "all" by silence.
 */
export type TargetUse = 'none' | 'read' | 'read-all' | 'mutate';

/** The headings of `nodectl --help`. */
export type Group = 'Nodes' | 'Config' | 'Upgrades' | 'Diagnostics' | 'Logs' | 'Access' | 'Set-up' | 'Help';

/**
 * A command, or a group of commands of which each is written behind the group's name, or both: then the first word behind
 * the name decides, and "--" before it says that it is an argument.
 */
export interface CommandSpec {
  name: string;
  /** Other words for the name. */
  aliases?: readonly string[];
  summary: string;
  /** More than the summary says, in paragraphs. */
  description?: string;
  group: Group;
  arguments?: readonly ArgumentSpec[];
  options?: readonly OptionSpec[];
  examples?: readonly Example[];
  targets?: TargetUse;
  /**
   * Whether -o is taken: with the usual formats, with those where JSON lines are the default on a pipe since progress is shown ("progress";
   * "watch" where it is with --watch alone), or with others.
   */
  output?: boolean | 'progress' | 'watch' | { formats: readonly string[]; default: string };
  /** Exit statuses beyond the usual ones, with what they mean. */
  exitCodes?: Readonly<Record<number, string>>;
  /** Options that tools of the same kind have and this one has not, each with the hint for whoever writes it. */
  foreign?: Readonly<Record<string, string>>;
  hidden?: boolean;
  subcommands?: readonly CommandSpec[];
  /** Imports the code. Absent on a group of commands. */
  load?: () => Promise<CommandModule>;
}

/** The module behind a command: `run` gives the exit status, 0 where it gives nothing. */
export interface CommandModule {
  // biome-ignore lint/suspicious/noConfusingVoidType: a command that simply ends has succeeded
  run(session: Session): Promise<number | void>;
}
