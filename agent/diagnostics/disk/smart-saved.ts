/**
 * Health of disks from saved outputs of smartctl and `nvme smart-log`, whatever their options were and in whatever order: each tells a part
 * of one disk (-H, -A, -l error …), and what they tell together is its health.
 */

import type { Machine, SavedOutput } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { unavailable } from '../fact.ts';
import { type DiskHealth, hasRecords } from './health.ts';
import { parseNvmeLog } from './nvme-log.ts';
import { parseSmartJson } from './smart-json.ts';
import { parseSmartText } from './smart-text.ts';

/** How Linux, FreeBSD and NVMe call disks; "disk1" is one of which nothing tells the name. */
const DISK =
  /^(?:[sh]d[a-z]{1,3}|nvme\d{1,3}(?:n\d{1,3})?|(?:ada|da|nvd|nda)\d{1,3}|mmcblk\d|sg\d{1,3}|disk\d{1,3})$/;
/** Disks behind a controller have a number beside its name: "-d megaraid,3". */
const BEHIND = new Set(['megaraid', 'cciss', '3ware', 'areca', 'aacraid', 'hpt']);
/** What there is in an output that says something of a disk's health; `-i` alone has none of it. */
const TELLING =
  /self-assessment|SMART Health Status|Error (?:Log|Count)|self-test log|Test_Description|ATTRIBUTE_NAME|error counter|Critical Warning|critical_warning|Device is in (?:STANDBY|SLEEP)|smart_status|"ata_smart|"scsi_(?:error|grown)|health_information|power-on lifetime: \d|\bError: (?:UNC|IDNF|ICRC|ABRT)\b|SMART support is:\s+(?:Unavailable|Disabled)|SMART Disabled\b|SMART Status (?:not supported|command failed)|Permission denied|Unable to detect|defect list/i;
const MAX_OUTPUTS = 1_000;

/** The disk that the words of a command line name: "sda", "sda megaraid,3"; undefined where they name none. */
function nameIn(words: readonly string[]): string | undefined {
  const disk = words.find((word) => DISK.test(word)) ?? (words.includes('bus') ? 'bus/0' : undefined);
  const at = words.findIndex((word) => BEHIND.has(word));
  const number = words[at + 1] ?? '';
  if (at < 0 || !/^\d{1,3}$/.test(number)) return disk;
  return `${disk ?? 'bus/0'} ${words[at]},${number}`;
}

/** The disk that smartctl's JSON is of. */
function nameInJson(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { device = {} } = JSON.parse(text) as { device?: { name?: unknown; type?: unknown } };
    const name = /^\/dev\/([\w/]{1,40})$/.exec(String(device.name))?.[1];
    const behind = /(?:^|\+)((?:megaraid|cciss|3ware|areca|aacraid),\d{1,3})/.exec(String(device.type))?.[1];
    return name === undefined || behind === undefined ? name : `${name} ${behind}`;
  } catch {
    // That it is broken is what parsing it tells.
    return undefined;
  }
}

/** JSON objects one behind the other, each beginning on a line of its own, and what stands around them left out. */
function objectsIn(text: string): string[] {
  const begin = text.search(/^\s*\{/m);
  if (begin < 0) return [];
  const end = text.lastIndexOf('}');
  return text
    .slice(begin, end + 1)
    .split(/(?<=^\})\s*\n(?=\{)/m)
    .map((one) => one.trim());
}

function parse(name: string, nvme: boolean, text: string): DiskHealth {
  if (nvme) return parseNvmeLog(name, text);
  return text.startsWith('{') ? parseSmartJson(name, text) : parseSmartText(name, text);
}

/** What two outputs tell of one disk. */
function together(one: DiskHealth, other: DiskHealth): DiskHealth {
  const known = (value: unknown) => value !== undefined && value !== '';
  const kept = Object.entries(one).filter(([, value]) => known(value));
  return {
    ...other,
    ...(Object.fromEntries(kept) as unknown as DiskHealth),
    available: one.available && other.available,
    enabled: one.enabled && other.enabled,
    asleep: one.asleep && other.asleep,
    failing: [
      ...one.failing,
      ...other.failing.filter(({ name }) => !one.failing.some((known) => known.name === name)),
    ],
    ...(one.passed === false || other.passed === false ? { passed: false } : {}),
  };
}

/** What saved outputs tell. */
export interface SavedHealth {
  readonly disks: ReadonlyMap<string, DiskHealth>;
  /** Disks of which an output was saved that could not be understood, and why. */
  readonly failed: ReadonlyMap<string, Unavailable>;
}

/** Health of the disks of which a captured machine has outputs; empty on a live one. */
export function savedHealth(machine: Machine): SavedHealth {
  const disks = new Map<string, DiskHealth>();
  const failed = new Map<string, Unavailable>();
  const outputs = machine.live
    ? []
    : [
        ...(machine.saved?.('smartctl') ?? []).map((output) => ({ output, nvme: false })),
        ...(machine.saved?.('nvme') ?? [])
          .filter(({ words, text }) => words.includes('smart') || /critical_warning/.test(text))
          .map((output) => ({ output, nvme: true })),
      ];
  let unnamed = 0;
  const read = (output: SavedOutput, nvme: boolean, text: string) => {
    const name = nameInJson(text) ?? nameIn(output.words) ?? `disk${++unnamed}`;
    try {
      if (!TELLING.test(text)) throw new Unavailable('nonsense', 'nothing of a disk’s health is in it');
      const known = disks.get(name);
      const health = parse(name, nvme, text);
      disks.set(name, known ? together(known, health) : health);
      if (text.trimStart().startsWith('{') && !health.asleep && !hasRecords(health))
        machine.notAllUsed?.(
          output,
          `nothing but the verdict of ${name} on its health is in it: no log, no attributes`,
        );
    } catch (error) {
      const why = unavailable(error);
      // A captured machine tells no more: that this disk was not judged is named.
      machine.notUsed?.(output, why.message);
      failed.set(name, why);
    }
  };
  for (const { output, nvme } of outputs.slice(0, MAX_OUTPUTS)) {
    // A list of disks is no health of one.
    if (!nvme && output.words.some((word) => word === 'scan' || word === 'version')) continue;
    const texts =
      /^\s*\{\s*$/m.test(output.text) || /^\s*\{"/.test(output.text) ? objectsIn(output.text) : [];
    for (const text of texts.length > 0 ? texts : [output.text]) read(output, nvme, text);
  }
  for (const name of disks.keys()) failed.delete(name);
  return { disks, failed };
}
