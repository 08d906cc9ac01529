/**
 * Sensors: temperatures, fans and voltages of hwmon, and thermal zones. Reading one asks a chip, a drive or the firmware, so it is
 * done by a child process; where one hangs, the others are read without it.
 */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { toldChips } from './sensors-told.ts';

const HWMON = 'sys/class/hwmon';
const THERMAL = 'sys/class/thermal';
const MAX_CHIPS = 256;
const MAX_FILES = 8_192;
const LIMIT_MS = 2_000;
/** Chips at a time, where each is asked alone. */
const AT_ONCE = 8;

/** A temperature, in °C. */
export interface Temperature {
  /** The driver's name of the chip: "coretemp", "nvme", "acpitz". */
  readonly chip: string;
  /** "Package id 0", "Composite", "temp1". */
  readonly label: string;
  readonly celsius: number;
  /** Limits of the chip; undefined where it has none, or none that can be true. */
  readonly max: number | undefined;
  readonly critical: number | undefined;
  /** The chip itself says that it is critical. */
  readonly alarm: boolean;
}

/** A fan, in turns a minute. */
export interface Fan {
  readonly chip: string;
  readonly label: string;
  readonly turns: number;
  readonly least: number;
  readonly alarm: boolean;
}

/** An alarm of a voltage, current or power. */
export interface Alarm {
  readonly chip: string;
  readonly label: string;
  readonly kind: 'voltage' | 'current' | 'power';
  /** What is measured, in V, A or W; undefined where it is not told. */
  readonly value: number | undefined;
}

/** What the sensors say. */
export interface Sensors {
  readonly temperatures: readonly Temperature[];
  readonly fans: readonly Fan[];
  readonly alarms: readonly Alarm[];
  /** Sensors that say of themselves that they are broken. */
  readonly faults: readonly { readonly chip: string; readonly label: string }[];
  /** What is measured at all: "temp", "fan", "in", "curr", "power". */
  readonly kinds: ReadonlySet<string>;
}

const FILE =
  /^(temp|fan|in|curr|power)\d+_(input|average|label|max|min|crit|alarm|min_alarm|max_alarm|crit_alarm|lcrit_alarm|emergency_alarm|cap_alarm|fault)$/;

/** Values of one chip by file name. */
type Values = ReadonlyMap<string, string>;

interface Chip {
  readonly paths: readonly string[];
  /** The driver's name, which is in memory. */
  readonly name: string;
}

function chipsOf(machine: Machine): Chip[] {
  return machine
    .list(HWMON)
    .slice(0, MAX_CHIPS)
    .flatMap((chip): Chip[] => {
      // Before Linux 3.x drivers had their files in the device's folder.
      for (const at of [`${HWMON}/${chip}`, `${HWMON}/${chip}/device`]) {
        const files = machine.list(at).filter((name) => FILE.test(name));
        const name = machine.text(`${at}/name`)?.trim() ?? chip;
        if (files.length > 0) return [{ name, paths: files.map((file) => `${at}/${file}`) }];
      }
      return [];
    });
}

function zonesOf(machine: Machine): Chip[] {
  return machine
    .list(THERMAL)
    .filter((name) => /^thermal_zone\d+$/.test(name))
    .slice(0, MAX_CHIPS)
    .map((zone) => {
      const at = `${THERMAL}/${zone}`;
      const trips = machine.list(at).filter((name) => /^trip_point_\d+_(temp|type)$/.test(name));
      const name = machine.text(`${at}/type`)?.trim() ?? zone;
      return { name, paths: ['temp', ...trips].map((file) => `${at}/${file}`) };
    });
}

/** The value of a file as a number, in units of a thousandth; undefined where it is none. */
function milli(values: Values, name: string): number | undefined {
  const text = values.get(name);
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value / 1_000 : undefined;
}

function raised(values: Values, ...names: string[]): boolean {
  return names.some((name) => values.get(name)?.trim() === '1');
}

/** A limit that can be true: drivers say 0, 255 or 65,261 °C where a chip has none, and the ACPI of some laptops 20.8 °C. */
function limit(value: number | undefined): number | undefined {
  return value !== undefined && value >= 25 && value <= 150 ? value : undefined;
}

function addChip(into: Mutable, chip: string, values: Values): void {
  const names = new Set([...values.keys()].flatMap((name) => /^[a-z]+\d+(?=_)/.exec(name)?.[0] ?? []));
  for (const name of [...names].sort()) {
    into.kinds.add(name.replace(/\d+$/, ''));
    const label = values.get(`${name}_label`)?.trim() || name;
    const value = milli(values, `${name}_input`) ?? milli(values, `${name}_average`);
    if (raised(values, `${name}_fault`)) into.faults.push({ chip, label });
    else if (name.startsWith('temp')) {
      if (value === undefined || value < -60 || value > 200) continue;
      const critical = limit(milli(values, `${name}_crit`));
      const alarm = raised(values, `${name}_crit_alarm`, `${name}_emergency_alarm`);
      into.temperatures.push({
        chip,
        label,
        celsius: value,
        max: limit(milli(values, `${name}_max`)),
        critical,
        alarm,
      });
    } else if (name.startsWith('fan')) {
      if (value === undefined) continue;
      const least = (milli(values, `${name}_min`) ?? 0) * 1_000;
      const alarm = raised(values, `${name}_alarm`, `${name}_min_alarm`);
      into.fans.push({ chip, label, turns: value * 1_000, least, alarm });
    } else if (
      raised(
        values,
        ...['alarm', 'min_alarm', 'max_alarm', 'crit_alarm', 'lcrit_alarm', 'cap_alarm'].map(
          (one) => `${name}_${one}`,
        ),
      )
    ) {
      const kind = name.startsWith('in') ? 'voltage' : name.startsWith('curr') ? 'current' : 'power';
      // Power is told in millionths of a watt.
      into.alarms.push({
        chip,
        label,
        kind,
        value: kind === 'power' && value !== undefined ? value / 1_000 : value,
      });
    }
  }
}

function addZone(into: Mutable, chip: string, values: Values): void {
  const celsius = milli(values, 'temp');
  if (celsius === undefined || celsius < -60 || celsius > 200) return;
  const trips = [...values].flatMap(([name, type]) =>
    /_type$/.test(name) && type.trim() === 'critical'
      ? (limit(milli(values, name.replace(/_type$/, '_temp'))) ?? [])
      : [],
  );
  const critical = trips.length > 0 ? Math.min(...trips) : undefined;
  into.temperatures.push({ chip, label: 'zone', celsius, max: undefined, critical, alarm: false });
}

interface Mutable {
  temperatures: Temperature[];
  fans: Fan[];
  alarms: Alarm[];
  faults: { chip: string; label: string }[];
  kinds: Set<string>;
}

/** Reads all chips at once; where that hangs, each alone, so that one sick chip hides no other. */
async function readAll(
  machine: Machine,
  chips: readonly Chip[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const paths = chips.flatMap((chip) => chip.paths).slice(0, MAX_FILES);
  try {
    return await machine.slowFiles(paths, { timeoutMs: LIMIT_MS, signal });
  } catch (error) {
    if (!(error instanceof Unavailable) || error.kind !== 'timeout' || chips.length < 2) throw error;
    const found = new Map<string, string>();
    const queue = [...chips];
    const work = async () => {
      for (let chip = queue.shift(); chip; chip = queue.shift())
        for (const [path, text] of await machine
          .slowFiles(chip.paths, { timeoutMs: LIMIT_MS, signal })
          .catch(() => new Map<string, string>()))
          found.set(path, text);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, chips.length) }, work));
    throw new Partly(found, error);
  }
}

/** Some could be read, and one hung. */
class Partly extends Error {
  readonly found: Map<string, string>;
  override readonly cause: Unavailable;

  constructor(found: Map<string, string>, cause: Unavailable) {
    super(cause.message);
    this.found = found;
    this.cause = cause;
  }
}

/** What the sensors say. */
export const sensors = fact({
  id: 'system.sensors',
  reads: [
    `/${HWMON}/*/{temp,fan,in,curr,power}*`,
    `/${THERMAL}/thermal_zone*/{temp,trip_point_*}`,
    'sensors, where it was saved',
  ],
  limitMs: 8_000,
  waits: true,
  read: async ({ machine, signal, problem }): Promise<Sensors> => {
    const chips = chipsOf(machine);
    const zones = zonesOf(machine);
    const all: Mutable = { temperatures: [], fans: [], alarms: [], faults: [], kinds: new Set() };
    if (chips.length + zones.length === 0) {
      const told = toldChips(machine);
      if (told.length === 0) throw nothing(machine, 'sensors (/sys/class/hwmon)');
      for (const { name, values } of told) addChip(all, name, values);
      return all;
    }
    let read: Map<string, string>;
    try {
      read = await readAll(machine, [...chips, ...zones], signal);
    } catch (error) {
      if (!(error instanceof Partly)) throw error;
      problem({ what: 'sensors', kind: 'timeout', why: error.cause.message });
      read = error.found;
    }
    const valuesOf = ({ paths }: Chip) =>
      new Map(
        paths.flatMap((path) => {
          const text = read.get(path);
          return text === undefined ? [] : [[path.slice(path.lastIndexOf('/') + 1), text] as const];
        }),
      );
    for (const chip of chips) addChip(all, chip.name, valuesOf(chip));
    for (const zone of zones) addZone(all, zone.name, valuesOf(zone));
    return all;
  },
});
