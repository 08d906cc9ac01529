/** What can stand at the end of a command line that is being typed: found from the declarations of the commands. */

import type { ArgumentSpec, CommandSpec, CompletionSource, OptionSpec } from '../commands/declaration.ts';
import { parseFlags } from '../commands/flags.ts';

/** One thing that can be written. */
export interface Candidate {
  value: string;
  about?: string;
}

/** What can stand there. */
export interface Completion {
  candidates: Candidate[];
  /** The shell itself completes names of files or folders. */
  paths?: 'file' | 'folder';
  /** More is to be written behind a candidate, so no space is. */
  open?: boolean;
}

/** Where values come from that are not in the declarations. */
export interface ValueSources {
  nodes(): Promise<Candidate[]>;
  contexts(): Promise<Candidate[]>;
  /** Labels of the nodes: every key with its values. */
  labels(): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  topics(): Promise<Candidate[]>;
  /** Ids of checks of `nodectl diag`. */
  checks(): Promise<Candidate[]>;
  /** Ids of all that findings can be. */
  findings(): Promise<Candidate[]>;
}

/** Values of options that decide which contexts file and context are meant. */
export type Chosen = Readonly<Record<string, string>>;

/** What the completion needs. */
export interface CompletionOptions {
  commands: readonly CommandSpec[];
  /** All options of a command; those that go before any command for undefined. */
  optionsOf: (spec: CommandSpec | undefined) => readonly OptionSpec[];
  /** Makes the sources, given the values of long options that the line holds. */
  sources: (chosen: Chosen) => ValueSources;
  formatsOf: (spec: CommandSpec) => readonly string[];
}

const NOTHING: Completion = { candidates: [] };

/** Completes the last of the words behind "nodectl". */
export async function complete(words: readonly string[], options: CompletionOptions): Promise<Completion> {
  const line = new Line(options);
  for (const word of words.slice(0, -1)) line.pass(word);
  const current = words.at(-1) ?? '';
  const found = await line.complete(current);
  const candidates = found.candidates.filter(({ value }) => value.startsWith(current));
  // What ends in "=" is not complete, like a key of a label or jsonpath=.
  const open = candidates.length > 0 && candidates.every(({ value }) => value.endsWith('='));
  return { ...found, candidates, ...(open ? { open } : {}) };
}

/** The state of reading a line. */
class Line {
  readonly #options: CompletionOptions;
  #spec: CommandSpec | undefined;
  #arguments: string[] = [];
  #waiting: OptionSpec | undefined;
  #onlyArguments = false;
  readonly #chosen: Record<string, string> = {};

  constructor(options: CompletionOptions) {
    this.#options = options;
  }

  /** Takes a complete word. */
  pass(word: string): void {
    if (this.#waiting) {
      this.#choose(this.#waiting, word);
      this.#waiting = undefined;
    } else if (this.#onlyArguments || !word.startsWith('-') || word === '-') this.#word(word);
    else if (word === '--') this.#onlyArguments = true;
    else {
      const [name = '', value] = splitOption(word);
      const option = this.#option(name);
      if (!option || !parseFlags(option.flags).value || parseFlags(option.flags).optional) return;
      if (value === undefined) this.#waiting = option;
      else this.#choose(option, value);
    }
  }

  async complete(current: string): Promise<Completion> {
    if (this.#waiting) return this.#values(this.#waiting, current);
    if (!this.#onlyArguments && current.startsWith('-')) {
      const [name = '', value] = splitOption(current);
      if (value === undefined) return this.#optionNames();
      const option = this.#option(name);
      if (!option) return NOTHING;
      const found = await this.#values(option, value);
      const before = current.slice(0, current.length - value.length);
      return { ...found, candidates: found.candidates.map((one) => ({ ...one, value: before + one.value })) };
    }
    const commands = summaries(this.#choices());
    const argument = this.#argument();
    const found = argument ? await this.#values(argument, current) : NOTHING;
    return { ...found, candidates: [...found.candidates, ...commands] };
  }

  #word(word: string): void {
    const next = this.#choices().find(({ name, aliases }) => name === word || aliases?.includes(word));
    if (next) this.#spec = next;
    else this.#arguments.push(word);
  }

  /** The commands of which one can be written here. One that has an action of its own is left with its first word only. */
  #choices(): readonly CommandSpec[] {
    if (!this.#spec) return this.#options.commands;
    const ownWords = this.#spec.load && (this.#arguments.length > 0 || this.#onlyArguments);
    return ownWords ? [] : (this.#spec.subcommands ?? []);
  }

  #choose(option: OptionSpec, value: string): void {
    this.#chosen[parseFlags(option.flags).long.slice(2)] = value;
  }

  #option(name: string): OptionSpec | undefined {
    return this.#options.optionsOf(this.#spec).find(({ flags }) => {
      const { short, long } = parseFlags(flags);
      return name === long || name === short;
    });
  }

  #optionNames(): Completion {
    return {
      candidates: this.#options
        .optionsOf(this.#spec)
        .map(({ flags, description }) => ({ value: parseFlags(flags).long, about: description }))
        .filter(({ value }) => value !== ''),
    };
  }

  /** The argument that is being typed: the last one again where it is variadic. */
  #argument(): ArgumentSpec | undefined {
    const specs = this.#spec?.arguments ?? [];
    const last = specs.at(-1);
    return specs[this.#arguments.length] ?? (last?.variadic ? last : undefined);
  }

  async #values(spec: OptionSpec | ArgumentSpec, current: string): Promise<Completion> {
    if (spec.choices) return { candidates: spec.choices.map((value) => ({ value })) };
    if ('flags' in spec && this.#spec && parseFlags(spec.flags).long === '--output')
      return this.#formats(this.#spec);
    const sources = this.#options.sources(this.#chosen);
    const source: CompletionSource | undefined = spec.complete;
    if (source === 'file' || source === 'folder') return { candidates: [], paths: source };
    if (source === 'context') return { candidates: await sources.contexts() };
    if (source === 'topic')
      return { candidates: [...(await sources.topics()), ...summaries(this.#options.commands)] };
    if (source === 'check') return { candidates: await sources.checks() };
    if (source === 'finding') return { candidates: await sources.findings() };
    if (source === 'label') return labels(await sources.labels(), current);
    if (source !== 'node') return NOTHING;
    const nodes = await sources.nodes();
    // -n takes a list with commas; an argument is one name, and those that were written are not offered again.
    if ('flags' in spec) return { candidates: listed(nodes, current) };
    return { candidates: nodes.filter(({ value }) => !this.#arguments.includes(value)) };
  }

  #formats(spec: CommandSpec): Completion {
    const candidates = this.#options.formatsOf(spec).map((value) => ({ value }));
    return { candidates };
  }
}

function summaries(commands: readonly CommandSpec[]): Candidate[] {
  return commands
    .filter(({ hidden }) => !hidden)
    .map(({ name, summary }) => ({ value: name, about: summary }));
}

function splitOption(word: string): [name: string, value: string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** Names for the last part of a list with commas. */
function listed(candidates: readonly Candidate[], current: string): Candidate[] {
  const before = current.slice(0, current.lastIndexOf(',') + 1);
  const written = new Set(before.split(','));
  return candidates
    .filter(({ value }) => !written.has(value))
    .map((one) => ({ ...one, value: before + one.value }));
}

/** Keys, and behind "key=" values, for the last term of a selector. */
function labels(known: ReadonlyMap<string, ReadonlySet<string>>, current: string): Completion {
  const before = current.slice(0, current.lastIndexOf(',') + 1);
  const term = current.slice(before.length);
  const operator = /!?=/.exec(term);
  if (!operator)
    return {
      candidates: [...known.keys()].sort().map((key) => ({ value: `${before}${key}=` })),
    };
  const head = before + term.slice(0, operator.index) + operator[0];
  const values = known.get(term.slice(0, operator.index)) ?? [];
  return { candidates: [...values].sort().map((value) => ({ value: head + value })) };
}
