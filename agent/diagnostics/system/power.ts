/** Power: batteries and mains as the kernel knows them, and the board's controller (BMC) by ipmitool. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { type BoardEvent, parseEvents } from './board-events.ts';
import { asIpmitoolEvents, parseFreeipmiSensors } from './freeipmi.ts';
import { omreportParts, vendorEvents } from './vendor-events.ts';

const ROOT = 'sys/class/power_supply';
/** A slow controller takes this long for a hundred sensors. */
const PARTS_MS = 10_000;
const NAMES = ['type', 'online', 'status', 'health', 'capacity', 'present'] as const;

/** A power supply: mains, a battery, or an uninterruptible supply. */
export interface PowerSupply {
  readonly name: string;
  /** "Mains", "Battery", "UPS", "USB". */
  readonly type: string;
  readonly online: boolean | undefined;
  /** "Charging", "Discharging", "Full", "Not charging"; empty where it is not told. */
  readonly status: string;
  /** "Good", "Overheat", "Dead" …; empty where it is not told. */
  readonly health: string;
  /** Percent. */
  readonly capacity: number | undefined;
}

/** Power supplies. The firmware is asked for them, so they are read by a process that may hang. */
export const powerSupplies = fact({
  id: 'system.power-supplies',
  reads: [`/${ROOT}/*/{${NAMES.join(',')}}`],
  limitMs: 3_000,
  read: async ({ machine, signal }): Promise<readonly PowerSupply[]> => {
    const names = machine.list(ROOT).slice(0, 64);
    if (names.length === 0) throw nothing(machine, 'power supplies that the kernel knows');
    const paths = names
      .flatMap((name) => NAMES.map((file) => `${ROOT}/${name}/${file}`))
      .filter((path) => machine.has(path));
    const read = await machine.slowFiles(paths, { timeoutMs: 2_000, signal });
    return names.map((name) => {
      const of = (file: (typeof NAMES)[number]) => read.get(`${ROOT}/${name}/${file}`)?.trim() ?? '';
      const online = of('online');
      const capacity = Number.parseInt(of('capacity'), 10);
      return {
        ...{ name, type: of('type'), status: of('status'), health: of('health') },
        online: online === '' ? undefined : online !== '0',
        capacity: Number.isFinite(capacity) ? capacity : undefined,
      };
    });
  },
});

/** What the board's controller says of the machine as a whole. */
export interface Chassis {
  /** Faults that it reports, by ipmitool's names: "Main Power Fault", "Cooling/Fan Fault", "Drive Fault", "Power Overload". */
  readonly faults: readonly string[];
  /** Percent of its event log that is used; undefined where it is not told. */
  readonly logPercent: number | undefined;
  /**
   * Sensors beyond a limit, and parts that say that they failed: name, state and value. Reading all takes seconds, so a running
   * machine is asked only where its controller reports a fault, to name the part; a captured one is read in any case.
   */
  readonly sensors: readonly { readonly name: string; readonly state: string; readonly value: string }[];
  /** What its event log has of troubles; read where it reports a fault, and of a captured machine. */
  readonly events: readonly BoardEvent[];
}

/** Lines of "Name : value" by name. */
function fieldsOf(text: string): Map<string, string> {
  return new Map(
    text.split('\n', 20_000).flatMap((row) => {
      const at = row.indexOf(':');
      return at < 0 ? [] : [[row.slice(0, at).trim(), row.slice(at + 1).trim()] as const];
    }),
  );
}

/** What parts say of themselves in words (IPMI 2.0, table 42-3: power supplies, redundancy, drives), and how bad it is. */
const WORDS: readonly (readonly [pattern: RegExp, state: string])[] = [
  [
    /failure detected|AC lost|input lost|drive fault|non-recoverable|redundancy lost|(?:^|, )uncorrectable (?:ECC|machine check)|\bIERR\b|thermal trip|in critical array|in failed array|transition to critical/i,
    'cr',
  ],
  [
    /predictive failure|redundancy degraded|config(?:uration)? error|out-of-range|memory device disabled|correctable ECC logging limit/i,
    'nc',
  ],
];

/**
 * Sensors beyond a limit in what ipmitool printed: "Temp | 38.000 | degrees C | ok | na | …" (sensor list), "FAN1 | 41h | cr | 29.1 |
 * 0 RPM" (sdr elist), "FAN1 | 0 RPM | cr" (sdr list); and parts that say in words that they failed. States nc, cr and nr are beyond a
 * limit (non-critical, critical, non-recoverable); newer releases say with a letter in front which one it is.
 */
export function parseSensors(text: string): Chassis['sensors'] {
  const found = text.split('\n', 20_000).flatMap((row): Chassis['sensors'][number][] => {
    const cells = row.split('|').map((cell) => cell.trim());
    const [name = '', second = '', third = '', fourth = '', fifth = ''] = cells;
    if (cells.length < 3 || name === '') return [];
    const elist = /^[0-9A-F]{2}h$/.test(second);
    const [value, state] = elist
      ? [fifth, third]
      : cells.length === 3
        ? [second, third]
        : [`${second} ${third}`.trim(), fourth];
    const limit = /^[lu]?(nc|cr|nr)$/.exec(state)?.[1];
    // A reading that the controller does not have is judged by nobody.
    const told = elist && /^(?:ok|ns)$/.test(state) ? WORDS.find(([one]) => one.test(value))?.[1] : undefined;
    const is = /^(?:na|no reading|disabled)/i.test(value) ? undefined : (limit ?? told);
    return is === undefined ? [] : [{ name, state: is, value }];
  });
  // The lists tell of the same sensors: the first word is taken.
  const byName = new Map(found.toReversed().map((one) => [one.name, one]));
  return found.filter((one) => byName.get(one.name) === one);
}

/** A limit that a sensor is beyond, in words of the verbose forms, as the lists write it. */
const LIMITS: Readonly<Record<string, string>> = {
  'non-critical': 'nc',
  critical: 'cr',
  'non-recoverable': 'nr',
};

/**
 * Parts of `ipmitool -v sdr` and `sdr get` that say in words what is wrong: "Sensor ID : Pwr Unit Redund (0x2)", below it " States Asserted :
 * Power Unit" and the states in brackets; or " Sensor Reading : 95 (+/- 1) degrees C" and " Status : Upper Critical".
 */
function parseVerbose(text: string): Chassis['sensors'] {
  return text
    .split(/^(?= ?Sensor ID {3,}:)/m)
    .slice(0, 5_000)
    .flatMap((block): Chassis['sensors'][number][] => {
      const name = /^ ?Sensor ID +: (.{1,60}?)(?: \(0x[0-9a-f]{1,4}\))?\s*$/m.exec(block)?.[1];
      const limit = /^\s*Status {2,}: (?:Upper|Lower) (Non-Critical|Critical|Non-Recoverable)\s*$/im.exec(
        block,
      )?.[1];
      if (name !== undefined && limit !== undefined) {
        const reading = /^\s*Sensor Reading +: (.{1,60}?)\s*$/m.exec(block)?.[1] ?? limit;
        // A reading that the controller does not have is judged by nobody.
        if (/^(?:na\b|no reading|not (?:present|readable)|disabled)/i.test(reading)) return [];
        return [{ name, state: LIMITS[limit.toLowerCase()] ?? 'nc', value: reading }];
      }
      const asserted = /^ States Asserted +: .{0,60}\n((?: {2,}\[.{1,80}\]\s*\n)+)/m.exec(block)?.[1] ?? '';
      const words = [...asserted.matchAll(/\[(.{1,80})\]/g)].map(([, word = '']) => word);
      const worst = WORDS.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
      return name === undefined || worst === undefined
        ? []
        : [{ name, state: worst, value: words.join(', ') }];
    });
}

/** All that was saved of a program. */
function textOf(machine: Machine, program: string): string {
  return (machine.saved?.(program) ?? []).map(({ text }) => text).join('\n');
}

/** A sensor, or the heading above them. */
const FREEIPMI_ROW = /^\s*(?:\d{1,5}|ID)\s*\|/m;

/** What was saved of ipmitool or freeipmi of a captured machine, whatever of it. @throws Unavailable not-captured */
function savedChassis(machine: Machine): Chassis {
  const all = machine.saved?.('ipmitool') ?? [];
  const sensors = textOf(machine, 'ipmi-sensors');
  const events = [
    asIpmitoolEvents(textOf(machine, 'ipmi-sel')),
    ...['log-util', 'racadm'].map((program) => vendorEvents(textOf(machine, program))),
  ].join('\n');
  const dell = omreportParts(textOf(machine, 'omreport'));
  const isDell = /^SEVERITY\s+: COMPONENT/m.test(textOf(machine, 'omreport'));
  if (all.length === 0 && (isDell || FREEIPMI_ROW.test(sensors) || events.trim() !== ''))
    return {
      ...{ faults: [], logPercent: undefined, sensors: [...parseFreeipmiSensors(sensors), ...dell] },
      events: parseEvents(events),
    };
  if (all.length === 0 && sensors.trim() !== '')
    throw new Unavailable('nonsense', 'what was saved of ipmi-sensors has no sensors in it');
  if (all.length === 0) throw nothing(machine, 'the output of ipmitool or freeipmi');
  const text = all.map((one) => one.text).join('\n');
  if (
    !/^[^|\n]{1,60}\|[^|\n]*\||^System Power|^Percent Used|^ ?Sensor ID {3,}:|SEL has no entries/m.test(text)
  )
    throw new Unavailable('nonsense', 'what was saved of ipmitool has no sensors, events or states in it');
  const fields = fieldsOf(text.replaceAll(/^.*\|.*$/gm, ''));
  const used = /(\d+)\s*%/.exec(fields.get('Percent Used') ?? '')?.[1];
  return {
    faults: faultsIn(fields),
    logPercent: used === undefined ? undefined : Number(used),
    sensors: [...parseSensors(text), ...parseVerbose(text), ...parseFreeipmiSensors(sensors), ...dell],
    events: parseEvents(`${text}\n${events}`),
  };
}

/** The names of the faults among the fields of `ipmitool chassis status`. */
function faultsIn(fields: ReadonlyMap<string, string>): string[] {
  return [...fields].flatMap(([name, value]) =>
    /fault|overload/i.test(name) && value === 'true' ? [name] : [],
  );
}

async function ask(machine: Machine, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { code, stdout, stderr } = await machine.run('ipmitool', args, { timeoutMs: 2_000, signal });
  if (code === 0) return stdout;
  const told = stderr.slice(0, 200);
  throw new Unavailable(
    /permission/i.test(told) ? 'denied' : 'failed',
    `ipmitool ${args.join(' ')}: ${told}`,
  );
}

/** What the board's controller says. It is asked where its driver is loaded and ipmitool is installed. */
export const chassis = fact({
  id: 'system.chassis',
  reads: [
    ...['ipmitool chassis status', 'ipmitool sel info'],
    'ipmitool sdr elist and ipmitool sel elist last 100, where there is a fault',
  ],
  limitMs: 25_000,
  waits: true,
  read: async ({ machine, signal, part }): Promise<Chassis> => {
    if (machine.live && !machine.has('dev/ipmi0') && !machine.has('sys/class/ipmi'))
      throw new Unavailable('absent', 'this machine has no board controller (BMC) that the kernel knows');
    if (!machine.live) return savedChassis(machine);
    let status: string;
    try {
      status = await ask(machine, ['chassis', 'status'], signal);
    } catch (error) {
      // A tool that nobody has asked for is nothing to complain of.
      if (error instanceof Unavailable && error.kind === 'missing-tool')
        throw new Unavailable('absent', error.message, error);
      throw error;
    }
    const faults = faultsIn(fieldsOf(status));
    // One after the other: the controller answers one at a time.
    const log = await part('ipmitool sel info', () => ask(machine, ['sel', 'info'], signal));
    const used = /(\d+)\s*%/.exec(fieldsOf(log ?? '').get('Percent Used') ?? '')?.[1];
    // A fault is named by the sensors of the parts.
    const optional = (...args: string[]) =>
      faults.length === 0
        ? ''
        : machine.run('ipmitool', args, { timeoutMs: PARTS_MS, signal }).then(
            ({ stdout }) => stdout,
            () => '',
          );
    const parts = await optional('sdr', 'elist');
    const newest = await optional('sel', 'elist', 'last', '100');
    return {
      faults,
      logPercent: used === undefined ? undefined : Number(used),
      sensors: parseSensors(parts),
      events: parseEvents(newest),
    };
  },
});
