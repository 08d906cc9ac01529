/** Teams (teamd, libteam 1.x) of captured machines, as `teamdctl TEAM state` printed them; and with `state dump`, as JSON. */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { isObject } from './ethtool/text.ts';

/** A port of a team. */
export interface TeamPort {
  readonly name: string;
  readonly up: boolean;
  /** How often its link went down; undefined where it is not told. */
  readonly downs: number | undefined;
  /** With the runner lacp: whether it carries traffic; undefined with others. */
  readonly selected: boolean | undefined;
  /** "current", "expired", "defaulted": what was heard of the partner; empty with others. */
  readonly lacp: string;
}

/** A team. */
export interface Team {
  readonly name: string;
  /** "lacp", "activebackup", "roundrobin". */
  readonly runner: string;
  readonly ports: readonly TeamPort[];
}

const MAX_ROWS = 20_000;

type Draft = { -readonly [K in keyof TeamPort]: TeamPort[K] };

function ofText(name: string, text: string): Team | undefined {
  const ports: Draft[] = [];
  let runner = '';
  let section = '';
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 300).trimEnd();
    section = /^(\w{1,20}):$/.exec(row)?.[1] ?? section;
    const [, key = '', value = ''] = /^\s+([\w ]{1,40}): (.{1,80})$/.exec(row) ?? [];
    if (section === 'setup' && key === 'runner') runner = value;
    if (section !== 'ports') continue;
    const port = /^ {2}([\w.@-]{1,32})$/.exec(row)?.[1];
    if (port !== undefined)
      ports.push({ name: port, up: true, downs: undefined, selected: undefined, lacp: '' });
    const one = ports.at(-1);
    if (!one) continue;
    if (key === 'link summary') one.up = value === 'up';
    else if (key === 'down count') one.downs = (one.downs ?? 0) + (Number(value) || 0);
    else if (key === 'selected') one.selected = value === 'yes';
    else if (key === 'state') one.lacp = value;
  }
  return ports.length === 0 ? undefined : { name, runner, ports };
}

function ofJson(name: string, text: string): Team | undefined {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(whole) || !isObject(whole.ports)) return undefined;
  const of = (object: unknown, ...path: string[]): unknown =>
    path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object);
  const runner = of(whole, 'setup', 'runner_name');
  return {
    name,
    runner: typeof runner === 'string' ? runner : '',
    ports: Object.entries(whole.ports).map(([port, told]) => {
      const selected = of(told, 'runner', 'selected');
      const lacp = of(told, 'runner', 'state');
      return {
        name: port,
        up: of(told, 'link_watches', 'up') !== false && of(told, 'link', 'up') !== false,
        downs: undefined,
        selected: typeof selected === 'boolean' ? selected : undefined,
        lacp: typeof lacp === 'string' ? lacp : '',
      };
    }),
  };
}

/** Teams of which something was saved. @throws Unavailable absent on a running machine, not-captured */
export const nicTeams = fact({
  id: 'nic.teams',
  reads: ['teamdctl TEAM state, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Team[] => {
    const found = (machine.saved?.('teamdctl') ?? []).flatMap(({ words, text }) => {
      const name = words.find((word) => !/^(?:state|dump|view|v|config)$/.test(word)) ?? 'a team';
      return (/^\s*\{/.test(text) ? ofJson(name, text) : ofText(name, text)) ?? [];
    });
    if (found.length === 0) throw nothing(machine, 'the output of teamdctl');
    return found;
  },
});
