/** What ethtool tells of the interfaces that have a device: one fact a form, each a value by interface. */

import { Unavailable } from '../../host/unavailable.ts';
import { type Fact, fact, type Problem, type Reading, unavailable } from '../fact.ts';
import { type Coalesce, parseCoalesce } from './ethtool/coalesce.ts';
import { type DriverInfo, parseDriver } from './ethtool/driver.ts';
import { type Eee, parseEee } from './ethtool/eee.ts';
import { type Features, parseFeatures } from './ethtool/features.ts';
import { type Fec, parseFec } from './ethtool/fec.ts';
import { type Module, parseModule } from './ethtool/module.ts';
import { type Pause, parsePause } from './ethtool/pause.ts';
import { parsePrivateFlags } from './ethtool/private-flags.ts';
import { type Channels, parseChannels, parseRings, type Rings } from './ethtool/rings.ts';
import { type LinkSettings, parseSettings } from './ethtool/settings.ts';
import { parseReceiveSpread, type ReceiveSpread } from './ethtool/small-forms.ts';
import { type Counters, parseStatistics } from './ethtool/statistics.ts';
import { parseTimestamping, type Timestamping } from './ethtool/timestamping.ts';
import { nicEthtool } from './ethtool-runner.ts';
import { type Interface, nicInterfaces } from './interfaces.ts';

/** Values by name of interface; an interface that has no such thing is not in it. */
export type ByInterface<T> = ReadonlyMap<string, T>;

/** So many interfaces are asked: more devices than that are switch ports or functions lent out, by the hundred. */
const MAX_ASKED = 64;
const LIMIT_MS = 9_000;
/** When what is not read by then is told as a problem of its own, so that the rest is not lost with it. */
const PATIENCE_MS = 8_000;
/** So many interfaces are named in one problem. */
const MAX_NAMED = 4;

interface Form<T> {
  readonly id: string;
  /** The option; empty for the plain form. */
  readonly option: string;
  readonly parse: (text: string) => T;
  /** Which interfaces are asked; all where it is left out. */
  readonly only?: (reading: Reading) => Promise<(one: Interface) => boolean>;
}

function perInterface<T>({ id, option, parse, only }: Form<T>): Fact<ByInterface<T>> {
  const command = option === '' ? 'ethtool' : `ethtool ${option}`;
  return fact({
    id,
    reads: [`${command} IFACE`],
    limitMs: LIMIT_MS,
    waits: true,
    read: async (reading) => {
      const ethtool = await reading.get(nicEthtool);
      const wanted = only ? await only(reading) : () => true;
      const devices = (await reading.get(nicInterfaces)).filter(({ kind }) => kind === 'physical');
      if (devices.length === 0) throw new Unavailable('absent', 'this machine has no network device');
      const asked = devices.filter(wanted);
      const found = new Map<string, T>();
      const failed = new Map<string, Unavailable>();
      const signal = AbortSignal.any([reading.signal, AbortSignal.timeout(PATIENCE_MS)]);
      await Promise.all(
        asked.slice(0, MAX_ASKED).map(async ({ name }) => {
          try {
            found.set(name, parse(await ethtool.run(option, name, signal)));
          } catch (error) {
            failed.set(name, unavailable(error));
          }
        }),
      );
      if (asked.length > MAX_ASKED)
        reading.problem({
          what: command,
          kind: 'failed',
          why: `only ${MAX_ASKED} of ${asked.length} interfaces were asked`,
        });
      tell(reading, command, failed, found.size);
      return new Map(
        asked.flatMap(({ name }) => (found.has(name) ? [[name, found.get(name) as T] as const] : [])),
      );
    },
  });
}

/** Tells what could not be read, folded by the reason. @throws Unavailable where nothing could */
function tell(
  reading: Reading,
  command: string,
  failed: ReadonlyMap<string, Unavailable>,
  read: number,
): void {
  const groups = new Map<string, { first: Unavailable; names: string[] }>();
  for (const [name, error] of failed) {
    if (error.kind === 'absent') continue;
    const key = `${error.kind} ${error.message.replaceAll(name, '')}`;
    const group = groups.get(key) ?? { first: error, names: [] };
    groups.set(key, group);
    group.names.push(name);
  }
  const [only] = groups.values();
  // Where the form failed alike for all, one sentence is enough, and the fact is none.
  if (read === 0 && groups.size === 1 && only) {
    if (only.first.kind === 'not-captured')
      throw new Unavailable('not-captured', `no output of ${command} is in the captured folder`);
    throw only.first;
  }
  for (const { first, names } of groups.values()) {
    const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
    const problem: Problem = {
      what: `${command} ${names.slice(0, MAX_NAMED).join(', ')}${more}`,
      kind: first.kind,
      why: first.message,
    };
    reading.problem(problem);
  }
}

/** Ports that take modules; those whose kind is not known are among them. */
async function pluggable(reading: Reading): Promise<(one: Interface) => boolean> {
  const settings = await reading.get(nicSettings).catch(() => undefined);
  return ({ name, device }) =>
    device?.bus !== 'virtio' && !/^(?:Twisted Pair|MII|AUI|BNC)$/i.test(settings?.get(name)?.port ?? '');
}

/** Ports for copper cables: Energy-Efficient Ethernet is theirs. */
async function copper(reading: Reading): Promise<(one: Interface) => boolean> {
  const settings = await reading.get(nicSettings).catch(() => undefined);
  return ({ name }) => /^(?:Twisted Pair|MII)$/i.test(settings?.get(name)?.port ?? 'Twisted Pair');
}

/** `ethtool IFACE` */
export const nicSettings: Fact<ByInterface<LinkSettings>> = perInterface({
  id: 'nic.settings',
  option: '',
  parse: parseSettings,
});
/** `ethtool -i` */
export const nicDrivers: Fact<ByInterface<DriverInfo>> = perInterface({
  id: 'nic.drivers',
  option: '-i',
  parse: parseDriver,
});
/** `ethtool -S` */
export const nicCounters: Fact<ByInterface<Counters>> = perInterface({
  id: 'nic.counters',
  option: '-S',
  parse: parseStatistics,
});
/** `ethtool -g` */
export const nicRings: Fact<ByInterface<Rings>> = perInterface({
  id: 'nic.rings',
  option: '-g',
  parse: parseRings,
});
/** `ethtool -l` */
export const nicChannels: Fact<ByInterface<Channels>> = perInterface({
  id: 'nic.channels',
  option: '-l',
  parse: parseChannels,
});
/** `ethtool -k` */
export const nicFeatures: Fact<ByInterface<Features>> = perInterface({
  id: 'nic.features',
  option: '-k',
  parse: parseFeatures,
});
/** `ethtool -a` */
export const nicPause: Fact<ByInterface<Pause>> = perInterface({
  id: 'nic.pause',
  option: '-a',
  parse: parsePause,
});
/** `ethtool -c` */
export const nicCoalesce: Fact<ByInterface<Coalesce>> = perInterface({
  id: 'nic.coalesce',
  option: '-c',
  parse: parseCoalesce,
});
/** `ethtool -T` */
export const nicTimestamping: Fact<ByInterface<Timestamping>> = perInterface({
  id: 'nic.timestamping',
  option: '-T',
  parse: parseTimestamping,
});
/** `ethtool -m`, of ports that take modules */
export const nicModules: Fact<ByInterface<Module>> = perInterface({
  id: 'nic.modules',
  option: '-m',
  parse: parseModule,
  only: pluggable,
});
/** `ethtool --show-fec`, of ports that take modules */
export const nicFec: Fact<ByInterface<Fec>> = perInterface({
  id: 'nic.fec',
  option: '--show-fec',
  parse: parseFec,
  only: pluggable,
});
/** `ethtool --show-eee`, of copper ports */
export const nicEee: Fact<ByInterface<Eee>> = perInterface({
  id: 'nic.eee',
  option: '--show-eee',
  parse: parseEee,
  only: copper,
});
/** `ethtool --show-priv-flags` */
export const nicPrivateFlags: Fact<ByInterface<ReadonlyMap<string, boolean>>> = perInterface({
  ...{ id: 'nic.private-flags', option: '--show-priv-flags', parse: parsePrivateFlags },
});
/** `ethtool -x` */
export const nicSpread: Fact<ByInterface<ReceiveSpread>> = perInterface({
  id: 'nic.spread',
  option: '-x',
  parse: parseReceiveSpread,
});

/** The forms that a close look at an interface asks for, by what they tell. */
export const ETHTOOL_DETAILS = {
  ...{ rings: nicRings, channels: nicChannels, features: nicFeatures, pause: nicPause },
  ...{ coalesce: nicCoalesce, flags: nicPrivateFlags, fec: nicFec, eee: nicEee },
  ...{ modules: nicModules, timestamping: nicTimestamping },
} as const;
