/** The parts of an option's flags as declarations write them: "-f, --follow", "--tail <N>", "--no-color". */

/** An option's flags in their parts. */
export interface Flags {
  /** "-f", or empty. */
  short: string;
  /** "--follow", or empty. */
  long: string;
  /** The placeholder of its value, such as "N", or empty where it takes none. */
  value: string;
  /** Whether the value may be left out. */
  optional: boolean;
}

/** Takes flags apart. */
export function parseFlags(flags: string): Flags {
  const value = /[<[]([^>\]]*)[>\]]\s*$/.exec(flags);
  return {
    short: /(?:^|[\s,])(-[^-\s,])/.exec(flags)?.[1] ?? '',
    long: /(?:^|[\s,])(--[^\s,<[]+)/.exec(flags)?.[1] ?? '',
    value: value?.[1]?.replace(/\.\.\.$/, '') ?? '',
    optional: value?.[0].startsWith('[') ?? false,
  };
}
