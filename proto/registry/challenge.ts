/** WWW-Authenticate as registries send it: schemes with parameters (RFC 9110, 11.6.1; Bearer as in the distribution's token docs). */

/** What a registry asks for. Names of schemes and parameters are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Longer headers hold no challenge. */
const MAX_HEADER = 8 * 1024;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"/;

/** The challenges of a header, in order. What is not well-formed ends the list. */
export function parseChallenges(header: string | undefined): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  let rest = (header ?? '').slice(0, MAX_HEADER);
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '');
    const name = TOKEN.exec(rest)?.[0];
    if (!name) return found;
    rest = rest.slice(name.length);
    const equals = /^\s*=\s*/.exec(rest);
    if (!equals) {
      found.push({ scheme: name.toLowerCase(), parameters: {} });
      continue;
    }
    rest = rest.slice(equals[0].length);
    const quoted = QUOTED.exec(rest);
    const value = quoted?.[1]?.replace(/\\(.)/g, '$1') ?? TOKEN.exec(rest)?.[0];
    const last = found.at(-1);
    if (value === undefined || !last) return found;
    last.parameters[name.toLowerCase()] = value;
    rest = rest.slice((quoted?.[0] ?? value).length);
  }
}
