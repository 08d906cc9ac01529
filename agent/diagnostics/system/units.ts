/** systemd: the state of the whole, units that failed, services that are restarted again and again. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';

const LIMIT_MS = 3_000;
const MAX_UNITS = 2_000;

/** A unit that failed. */
export interface FailedUnit {
  /** "nginx.service" */
  readonly name: string;
  /** "loaded", "not-found", "masked". */
  readonly load: string;
  readonly description: string;
}

/** A service, as far as restarts concern it. */
export interface Service {
  readonly name: string;
  /** "active", "activating", "failed"; and "running", "auto-restart" … */
  readonly active: string;
  readonly sub: string;
  /** How it ended last: "success", "exit-code", "oom-kill", "watchdog", "start-limit-hit" … */
  readonly result: string;
  /** Automatic restarts since it was started by somebody; undefined where that is not told. */
  readonly restarts: number | undefined;
  /** When it became active last, in ms since boot; undefined where it never was. */
  readonly activeMs: number | undefined;
}

/** systemd as a whole. */
export interface Manager {
  /** "running", "degraded", "starting", "maintenance", "stopping", "offline"; empty before systemd 240, which does not tell it here. */
  readonly state: string;
  readonly version: string;
  /** Words of its own for what is unusual of the system: "cgroupsv1", "support-ended", "local-hwclock". */
  readonly taints: readonly string[];
  readonly jobs: number;
  /** How long firmware, boot loader, kernel, initrd and user space took, in ms; undefined while it is starting. */
  readonly bootMs: number | undefined;
  readonly userspaceMs: number | undefined;
}

/**
 * Parses what `systemctl list-units` printed, of any version: with or without a legend, and with or without the mark before
 * units in trouble (●, *, ×). Gives the units whose third column is "failed".
 */
export function parseFailedUnits(text: string): FailedUnit[] {
  return text
    .split('\n')
    .slice(0, 50_000)
    .flatMap((row): FailedUnit[] => {
      const words = row
        .slice(0, 1_000)
        .trim()
        .replace(/^[^\w@:/\\-]+\s*/, '')
        .split(/\s+/);
      const [name = '', load = '', active = '', , ...rest] = words;
      if (
        active !== 'failed' ||
        !/\.(service|socket|mount|automount|target|timer|path|swap|device|slice|scope)$/.test(name)
      )
        return [];
      return [{ name, load, description: rest.join(' ') }];
    })
    .slice(0, MAX_UNITS);
}

/** The unit that a command line asks the status of, by its words; empty where it asks for none. */
function askedFor(words: readonly string[]): string {
  if (words[0] !== 'status') return '';
  const name = words
    .slice(1)
    .filter((word) => word.length > 1 && !/^(?:no|pager|full|service|lines|all|user)$/.test(word));
  return name.length === 0 ? '' : `${name.join('-')}.service`;
}

/** A unit's first row; copies lose the mark before it, and then a description must follow. */
const UNIT_ROW = /^\s*[●○×*↻] ([\w@.:\\-]{1,200}\.[a-z]{4,9})(?: - (.*))?$/;
const UNIT_ROW_BARE =
  /^([\w@.:\\-]{1,200}\.(?:service|socket|mount|timer|target|path|swap|automount)) - (\S.*)$/;

/**
 * Units that `systemctl status` shows as failed: "● nginx.service - words", and below it "Loaded: loaded (…)" and "Active: failed (Result:
 * exit-code)". Of the machine as a whole it may tell their number alone: "Failed: 2 units".
 */
function failedInStatus(text: string, asked = ''): FailedUnit[] {
  const found: FailedUnit[] = [];
  // Of an excerpt without its first row the command above tells the name.
  let unit: FailedUnit | undefined =
    asked === '' ? undefined : { name: asked, load: 'loaded', description: 'by the command above' };
  let unnamed = 0;
  for (const row of text.split('\n', 50_000)) {
    const [, name, description = ''] =
      UNIT_ROW.exec(row.slice(0, 500)) ?? UNIT_ROW_BARE.exec(row.slice(0, 500)) ?? [];
    if (name !== undefined) unit = { name, load: 'loaded', description };
    else if (/^\s+Active: \**failed\b/.test(row) && unit && found.length < MAX_UNITS) found.push(unit);
    unnamed ||= Number(/^\s+Failed: (\d{1,5}) units?/.exec(row)?.[1] ?? 0);
  }
  return found.length > 0 || unnamed === 0
    ? found
    : [{ name: `${unnamed} units`, load: 'loaded', description: 'systemctl status names none' }];
}

/** Services that `systemctl status` shows between two tries: "Active: activating (auto-restart) (Result: exit-code) since …". */
function restartedInStatus(text: string): Service[] {
  const found: Service[] = [];
  let name = '';
  for (const row of text.split('\n', 50_000)) {
    name = (UNIT_ROW.exec(row.slice(0, 500)) ?? UNIT_ROW_BARE.exec(row.slice(0, 500)))?.[1] ?? name;
    const result = /^\s+Active: \**activating \(auto-restart\)(?: \(Result: ([\w-]{1,40})\))?/.exec(row);
    if (result && name !== '' && found.length < MAX_UNITS)
      found.push({
        ...{ name, active: 'activating', sub: 'auto-restart', result: result[1] ?? '' },
        ...{ restarts: undefined, activeMs: undefined },
      });
  }
  return found;
}

/** What was saved of `systemctl status`; none on a live machine. */
function savedStatus(machine: Machine): string[] {
  return (machine.saved?.('systemctl status') ?? []).map(({ text }) => text);
}

/** Blocks of "Key=value" lines, as `systemctl show` prints them for several units: an empty line between. */
export function parseProperties(text: string): Map<string, string>[] {
  const blocks: Map<string, string>[] = [];
  let block: Map<string, string> | undefined;
  for (const row of text.split('\n').slice(0, 500_000)) {
    const at = row.indexOf('=');
    if (at <= 0) {
      if (row.trim() === '') block = undefined;
      continue;
    }
    if (!block) {
      if (blocks.length >= MAX_UNITS) break;
      block = new Map();
      blocks.push(block);
    }
    block.set(row.slice(0, at), row.slice(at + 1).replace(/\r$/, ''));
  }
  return blocks;
}

/** Services as `systemctl show UNIT` told of them on a captured machine: all of its properties, or a part in which the name may be missing. */
function shownServices(machine: Machine): ReadonlyMap<string, string>[] {
  return (machine.saved?.('systemctl show') ?? [])
    .flatMap(({ text }) => parseProperties(text))
    .flatMap((values) => {
      const path = /(?:^|[{ ])path=(\S{1,200})/.exec(values.get('ExecStart') ?? '')?.[1] ?? '';
      const program = path.slice(path.lastIndexOf('/') + 1);
      const name = values.get('Id') ?? (program === '' ? undefined : `${program}.service`);
      return name?.endsWith('.service') ? [new Map([...values, ['Id', name]])] : [];
    });
}

/** Services that `systemctl show` tells to wait for their next start: by their state, else by having no process, an error and Restart=. */
function restartedInShow(machine: Machine): Service[] {
  return shownServices(machine).flatMap((values): Service[] => {
    const of = (name: string) => values.get(name) ?? '';
    const ended =
      !values.has('ActiveState') &&
      of('MainPID') === '0' &&
      /^(?!success$|start-limit-hit$)./.test(of('Result')) &&
      /^(?!no$)./.test(of('Restart'));
    if (of('SubState') !== 'auto-restart' && !ended) return [];
    const [active, sub] = ended ? ['no process', 'auto-restart'] : [of('ActiveState'), of('SubState')];
    return [
      { ...{ name: of('Id'), active, sub, result: of('Result') }, restarts: undefined, activeMs: undefined },
    ];
  });
}

/** Runs systemctl; on a captured machine the first of some command lines that was saved. @throws Unavailable */
async function systemctl(
  machine: Machine,
  lines: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<string> {
  if (machine.live && !machine.has('run/systemd/system'))
    throw new Unavailable('absent', 'this machine was not started by systemd');
  let first: unknown;
  for (const args of lines) {
    try {
      const { code, stdout, stderr } = await machine.run('systemctl', args, { timeoutMs: LIMIT_MS, signal });
      if (code !== 0 && stdout.trim() === '')
        throw new Unavailable('failed', `systemctl ${args[0]}: ${stderr.slice(0, 200)}`);
      // Without its legend alone it prints nothing where no unit is to be listed.
      if (!machine.live && stdout.trim() === '' && !args.includes('--no-legend'))
        throw new Unavailable('nonsense', `what was saved of systemctl ${args[0] ?? ''} is empty`);
      return stdout;
    } catch (error) {
      first ??= error;
      if (machine.live || unavailable(error).kind !== 'not-captured') break;
    }
  }
  throw first;
}

/** A row with a unit, the heading or the legend of a table. */
const UNITS =
  /^\W{0,6}(?:UNIT\s+LOAD\s+ACTIVE|[\w@.:\\-]{1,200}\.[a-z]{4,9}\s+[a-z-]{4,12}\s+[a-z-]{4,16}\s)|^\d+ loaded units listed/m;

/** Where it is told that some failed, and not which. */
const SOME_UNITS = 'some units';

/** Units that failed. */
export const failedUnits = fact({
  id: 'system.failed-units',
  reads: ['systemctl list-units --failed --all --plain --no-legend', 'systemctl status, where it was saved'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal }): Promise<readonly FailedUnit[]> => {
    const lines = [
      ['list-units', '--failed', '--all', '--plain', '--no-legend'],
      ['list-units', '--failed'],
      ['list-units', '--state=failed'],
      ['list-units', '--all'],
      ['list-units'],
      ['--failed'],
      [],
    ];
    try {
      const text = await systemctl(machine, lines, signal);
      if (!machine.live && text.trim() !== '' && !UNITS.test(text))
        throw new Unavailable('nonsense', 'what was saved of systemctl lists no units');
      return parseFailedUnits(text);
    } catch (error) {
      // Whatever the options were: a table of units, or the status of some.
      const told = (machine.saved?.('systemctl') ?? []).flatMap((output) => {
        const { text } = output;
        if (/^\W{0,6}UNIT\s+LOAD\s+ACTIVE\s+SUB\b/m.test(text)) return [parseFailedUnits(text)];
        if (/^\s*(?:Active|State): /m.test(text)) return [failedInStatus(text, askedFor(output.words))];
        if (/^0 loaded units listed/m.test(text)) return [[]];
        // systemctl is-system-running: that some failed, without their names.
        if (/^degraded\s*$/m.test(text) && text.length < 2_000)
          return [[{ name: SOME_UNITS, load: 'loaded', description: 'systemctl is-system-running' }]];
        return [];
      });
      const shown = shownServices(machine).filter((values) => values.has('ActiveState'));
      if (shown.length > 0)
        told.push(
          shown
            .filter((values) => values.get('ActiveState') === 'failed')
            .map((values) => ({
              ...{ name: values.get('Id') ?? '', load: values.get('LoadState') ?? 'loaded' },
              description: values.get('Description') ?? '',
            })),
        );
      if (told.length === 0) throw error;
      const named = told.flat().filter(({ name }) => name !== SOME_UNITS);
      return [...new Map((named.length > 0 ? named : told.flat()).map((one) => [one.name, one])).values()];
    }
  },
});

const MANAGER =
  'SystemState,Version,Tainted,NJobs,FirmwareTimestampMonotonic,UserspaceTimestampMonotonic,FinishTimestampMonotonic';

/** How long user space took to start, in ms: by systemd itself, or by what `systemd-analyze` printed. Undefined while it is starting. */
export const bootTime = fact({
  id: 'system.boot-time',
  reads: ['systemctl show', 'systemd-analyze, on a captured machine'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, get }): Promise<{ userspaceMs: number | undefined; slowest: string }> => {
    const saved = (machine.saved?.('systemd-analyze') ?? []).map(({ text }) => text).join('\n');
    const told = /^Startup finished in .{0,200}?((?:\d+(?:\.\d+)?(?:h|min|s|ms) ?){1,4})\(userspace\)/m.exec(
      saved,
    )?.[1];
    // The first line of `systemd-analyze blame`: "5min 2.012s NetworkManager-wait-online.service".
    const slowest =
      /^\s*((?:\d+(?:\.\d+)?(?:h|min|s|ms) ){1,4}[\w@.:\\-]{1,200}\.(?:service|mount|device|socket))\s*$/m.exec(
        saved,
      )?.[1] ?? '';
    if (told === undefined) return { userspaceMs: (await get(manager)).userspaceMs, slowest };
    const units: Readonly<Record<string, number>> = { h: 3_600_000, min: 60_000, s: 1_000, ms: 1 };
    const userspaceMs = [...told.matchAll(/(\d+(?:\.\d+)?)(h|min|ms|s)/g)].reduce(
      (sum, [, value, unit = '']) => sum + Number(value) * (units[unit] ?? 0),
      0,
    );
    return { userspaceMs, slowest: slowest.trim() };
  },
});

/** systemd as a whole. */
export const manager = fact({
  id: 'system.manager',
  reads: ['systemctl show'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal }): Promise<Manager> => {
    const text = await systemctl(
      machine,
      [['show', `--property=${MANAGER}`], ['show', '--all'], ['show']],
      signal,
    );
    const values = parseProperties(text)[0];
    if (!values?.has('Version'))
      throw new Unavailable('nonsense', 'systemctl show does not tell the version of systemd');
    const number = (name: string) => Number(values.get(name) ?? 0) || 0;
    // Monotonic times are µs from the kernel's start; what was before it is told as the time before it.
    const finish = number('FinishTimestampMonotonic');
    const userspace = number('UserspaceTimestampMonotonic');
    return {
      state: values.get('SystemState') ?? '',
      version: values.get('Version') ?? '',
      taints: (values.get('Tainted') ?? '').split(':').filter((word) => word !== ''),
      jobs: number('NJobs'),
      bootMs: finish > 0 ? (finish + number('FirmwareTimestampMonotonic')) / 1_000 : undefined,
      userspaceMs: finish > 0 && userspace > 0 ? (finish - userspace) / 1_000 : undefined,
    };
  },
});

const SERVICE = 'Id,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestampMonotonic';

/** Services that were ever loaded. */
export const services = fact({
  id: 'system.services',
  reads: ['systemctl show *.service', 'systemctl status and show, where they were saved'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal }): Promise<readonly Service[]> => {
    let text: string;
    try {
      text = await systemctl(
        machine,
        [
          ['show', '*.service', `--property=${SERVICE}`],
          ['show', '*service', '--all'],
        ],
        signal,
      );
    } catch (error) {
      const told = [...savedStatus(machine).flatMap(restartedInStatus), ...restartedInShow(machine)];
      if (told.length === 0) throw error;
      return told;
    }
    return parseProperties(text).flatMap((values): Service[] => {
      const name = values.get('Id');
      if (name === undefined) return [];
      const since = Number(values.get('ActiveEnterTimestampMonotonic') ?? 0) || 0;
      return [
        {
          name,
          active: values.get('ActiveState') ?? '',
          sub: values.get('SubState') ?? '',
          result: values.get('Result') ?? '',
          // Before systemd 235 there is none.
          restarts: Number(values.get('NRestarts') ?? 0) || 0,
          activeMs: since > 0 ? since / 1_000 : undefined,
        },
      ];
    });
  },
});
