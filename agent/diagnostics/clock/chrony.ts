/** What chronyd says of the clock: its reports, by `chronyc`, in a few short processes. */

import {
  type Activity,
  type Authdata,
  ChronyParseError,
  ChronyReplyError,
  type Ntpdata,
  parseActivity,
  parseAuthdata,
  parseNtpdata,
  parseSelectdata,
  parseServerstats,
  parseSources,
  parseSourcestats,
  parseTracking,
  type ReportName,
  type Selectdata,
  type Serverstats,
  type Source,
  type Sourcestats,
  splitReports,
  type Tracking,
} from '../../chrony-parser/mod.ts';
import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, type Reading } from '../fact.ts';
import { timeDaemons } from './daemons.ts';

/** chronyd's reports. Those that it did not give are undefined, and told as a problem. */
export interface ChronyReports {
  /** "4.3", or empty where it is not known. */
  readonly version: string;
  readonly tracking: Tracking;
  readonly sources: readonly Source[] | undefined;
  readonly sourcestats: readonly Sourcestats[] | undefined;
  readonly activity: Activity | undefined;
  /** From here on for root alone. */
  readonly selectdata: readonly Selectdata[] | undefined;
  readonly authdata: readonly Authdata[] | undefined;
  readonly serverstats: Serverstats | undefined;
  readonly ntpdata: readonly Ntpdata[] | undefined;
}

/** Reports that stand next to each other differ in their fields (splitReports). chronyc ends with the first that fails. */
const OPEN = ['tracking', 'sources', 'sourcestats', 'activity'] as const;
const ROOT_ONLY = ['selectdata', 'authdata', 'serverstats', 'ntpdata'] as const;

/** Ways in which a report is saved by people and by sosreport. */
const SAVED: readonly (readonly string[])[] = [
  ...[['-n', ''], [''], ['-N', ''], ['-n', '', '-v'], ['', '-v']],
  ...[
    ['-n', '-c', ''],
    ['-N', '-c', ''],
  ],
];

const LIMITS = { timeoutMs: 4_000, maxBytes: 1 << 20 };

/** What chronyd says of the clock. */
export const chrony = fact({
  id: 'clock.chrony',
  reads: [
    `chronyc -c -m ${OPEN.join(' ')}`,
    `chronyc -c -m ${ROOT_ONLY.join(' ')}`,
    'chronyc -c REPORT, or saved outputs of chronyc',
  ],
  limitMs: 6_000,
  waits: true,
  read: async (reading): Promise<ChronyReports> => {
    const [open, rootOnly, version] = await Promise.all([
      gather(reading, OPEN),
      gather(reading, ROOT_ONLY),
      readVersion(reading.machine),
    ]);
    const tracking = open.get('tracking');
    const told = open.get('sources');
    // Of no sources it prints its heading; what is empty was not printed by a chronyc that could ask.
    const table = typeof told === 'string' && told.trim() === '' && !reading.machine.live ? undefined : told;
    // People save the table of sources alone, which tells what is followed.
    const alone = !reading.machine.live && typeof tracking !== 'string' && typeof table === 'string';
    if (!alone && typeof tracking !== 'string') throw await notRunning(reading, tracking);
    const texts = new Map([...open, ...rootOnly]);
    const part = async <T>(name: ReportName, parse: (text: string) => T): Promise<T | undefined> => {
      const text = texts.get(name);
      // The reports for root fail all alike: that is told once.
      if (text === undefined || (typeof text !== 'string' && name !== ROOT_ONLY[0] && rootOnly.has(name)))
        return undefined;
      return reading.part(`chronyc ${name}`, () => {
        if (typeof text !== 'string') throw text;
        return parsed(() => parse(text));
      });
    };
    return {
      version,
      tracking: parsed(() =>
        typeof tracking === 'string'
          ? parseTracking(tracking)
          : ofTable(parseSources(typeof table === 'string' ? table : '')),
      ),
      sources: await part('sources', parseSources),
      sourcestats: await part('sourcestats', parseSourcestats),
      activity: await part('activity', parseActivity),
      selectdata: await part('selectdata', parseSelectdata),
      authdata: await part('authdata', parseAuthdata),
      serverstats: await part('serverstats', (text) => parseServerstats(text, { version })),
      ntpdata: await part('ntpdata', parseNtpdata),
    };
  },
});

/** The statistics of chronyd's sources that were saved, whatever else was. */
export const chronyStatistics = fact({
  id: 'clock.chrony-statistics',
  reads: ['chronyc sourcestats, on a captured machine'],
  limitMs: 2_000,
  read: async ({ machine, signal }): Promise<readonly Sourcestats[]> => {
    if (machine.live) throw new Unavailable('absent', 'chronyd’s report of its tracking tells more');
    const text = await single(machine, 'sourcestats', { signal });
    if (typeof text !== 'string') throw text;
    return parsed(() => parseSourcestats(text));
  },
});

/** How many of chronyd's sources are online, where `chronyc activity` was saved. */
export const chronyActivity = fact({
  id: 'clock.chrony-activity',
  reads: ['chronyc activity, on a captured machine'],
  limitMs: 2_000,
  read: async ({ machine, signal }): Promise<Activity> => {
    if (machine.live) throw new Unavailable('absent', 'chronyd’s reports of its sources tell more');
    const text = await single(machine, 'activity', { signal });
    if (typeof text !== 'string') throw text;
    return parsed(() => parseActivity(text));
  },
});

/** What chronyd counted as a server, where that report alone was saved, else with the others. */
export const chronyServed = fact({
  id: 'clock.chrony-served',
  reads: ['chronyc serverstats'],
  limitMs: 6_000,
  read: async ({ machine, signal, get }): Promise<Serverstats | undefined> => {
    const text = machine.live ? undefined : await single(machine, 'serverstats', { signal });
    if (typeof text !== 'string') return (await get(chrony)).serverstats;
    return parsed(() => parseServerstats(text, { version: '' }));
  },
});

/** What the table of sources tells of the clock: the source that is followed. */
function ofTable(sources: readonly Source[]): Tracking {
  const best = sources.find(({ state }) => state === 'best');
  return {
    state: best ? 'synchronised' : 'unsynchronised',
    ...{ referenceId: '', referenceName: best?.name ?? '', stratum: best ? best.stratum + 1 : 0 },
    ...{ offset: best?.offset, leap: 'unknown', referenceTime: undefined, lastOffset: undefined },
    ...{ rmsOffset: undefined, frequency: undefined, residualFrequency: undefined, skew: undefined },
    ...{ rootDelay: undefined, rootDispersion: undefined, updateInterval: undefined },
  };
}

/** The tracking report alone, for what is sampled: one process of 2 ms. @throws Unavailable */
export async function readTracking(machine: Machine, signal: AbortSignal): Promise<Tracking> {
  const { stdout } = await machine.run('chronyc', ['-c', 'tracking'], { ...LIMITS, signal });
  return parsed(() => parseTracking(stdout));
}

/** The texts of reports, or why there are none. */
async function gather(
  { machine, signal }: Reading,
  names: readonly ReportName[],
): Promise<Map<ReportName, string | Unavailable>> {
  const limits = { ...LIMITS, signal };
  const texts = new Map<ReportName, string | Unavailable>();
  try {
    const { stdout } = await machine.run('chronyc', ['-c', '-m', ...names], limits);
    if (stdout.trim() !== '') {
      const { reports, failed } = splitReports(stdout, names);
      for (const [name, text] of reports) texts.set(name, text);
      if (failed) {
        const error = unavailableOf(failed.error);
        for (const name of names.slice(names.indexOf(failed.name))) texts.set(name, error);
      }
      return texts;
    }
  } catch (error) {
    const why = unavailableOf(error);
    // A captured machine has the reports one by one; a chronyc that mixes them up is asked one by one, too.
    if (why.kind !== 'not-captured' && why.kind !== 'nonsense')
      return new Map(names.map((name) => [name, why]));
  }
  await Promise.all(
    names.map(async (name) => {
      texts.set(name, await single(machine, name, limits));
    }),
  );
  return texts;
}

/** One report: comma-separated, or as it was saved. */
async function single(
  machine: Machine,
  name: ReportName,
  limits: { signal: AbortSignal },
): Promise<string | Unavailable> {
  const ways = [['-c', name], ['-c', '-n', name], ...SAVED.map((way) => way.map((word) => word || name))];
  let why: Unavailable | undefined;
  for (const args of ways) {
    try {
      const { stdout, code, stderr } = await machine.run('chronyc', args, limits);
      // A report without rows prints nothing, and that is all right; an option that is not known is not.
      if (code === 0 || stdout.trim() !== '') return stdout;
      why ??= new Unavailable('failed', `chronyc ${name}: ${stderr.slice(0, 200) || `exit status ${code}`}`);
    } catch (error) {
      why ??= unavailableOf(error);
      if (why.kind !== 'not-captured') break;
    }
  }
  return why ?? new Unavailable('failed', `chronyc ${name} gave nothing`);
}

async function readVersion(machine: Machine): Promise<string> {
  for (const program of ['chronyc', 'chronyd'])
    try {
      const { stdout } = await machine.run(program, ['-v'], LIMITS);
      const version = /\bversion (\d+(?:\.\d+){1,2}\S*)/.exec(stdout)?.[1];
      if (version !== undefined) return version.slice(0, 40);
    } catch {
      // What chronyc says is worth as much without its version.
    }
  return '';
}

/** Why there is no report: chrony may simply not be in use here. */
async function notRunning({ machine, get }: Reading, why: Unavailable | undefined): Promise<Unavailable> {
  const unknown = why ?? new Unavailable('failed', 'chronyc gave no report');
  if (!machine.live && unknown.kind === 'not-captured') return unknown;
  const daemons = await get(timeDaemons).catch(() => undefined);
  if (daemons && !daemons.some(({ name }) => name === 'chronyd'))
    return new Unavailable('absent', 'chronyd does not run on this machine', unknown);
  return unknown;
}

/** @throws Unavailable for what chronyc answered or what is not in its format */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw unavailableOf(error);
  }
}

function unavailableOf(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  if (error instanceof ChronyParseError) return new Unavailable('nonsense', error.message, error);
  if (!(error instanceof ChronyReplyError)) throw error;
  switch (error.reply) {
    case 'not-authorised':
    case 'no-access':
      return new Unavailable(
        'denied',
        `${error.message}: chronyd gives this report to root on its own socket alone`,
        error,
      );
    case 'no-daemon':
      return new Unavailable('failed', 'chronyd does not answer chronyc', error);
    case 'not-enabled':
    case 'no-rtc':
    case 'logging-inactive':
      return new Unavailable('absent', error.message, error);
    default:
      return new Unavailable('failed', error.message, error);
  }
}
