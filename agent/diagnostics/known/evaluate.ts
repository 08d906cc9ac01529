/**
 * Holds a machine against known troubles. The rules of certainty, since false alarms over a fleet are worse than misses:
 *
 * - What is not known never matches: an unreadable firmware version, a kernel that does not tell what it is.
 * - Upstream's ranges are true of kernels that are upstream's stable releases ("upstream"), and possibly of such that follow
 *   them with patches of their own ("patched"): there a match is at most "possible".
 * - Kernels that a vendor keeps on its own (Red Hat, Ubuntu, SUSE, Oracle, Proxmox …) match by ranges of their packages alone.
 * - Where an entry names packages of the machine's own distribution, these decide, also against upstream's ranges.
 * - Nothing of this is "certain": that the conditions are met does not say that the trouble has shown itself.
 */

import type { Certainty } from '../finding.ts';
import type { KernelIdentity } from '../kernel/release.ts';
import type { SubjectDevice, TroubleSubject } from './subject.ts';
import type { Conditions, Range, Trouble } from './trouble.ts';
import { branchOf, compareVersions } from './version.ts';

/** A trouble that a machine meets the conditions of. */
export interface TroubleMatch {
  readonly trouble: Trouble;
  readonly certainty: Certainty;
  /** Why it matches, a phrase for each condition. */
  readonly because: readonly string[];
  /** The devices that it is with; empty where it is with the machine. */
  readonly devices: readonly SubjectDevice[];
}

/** The troubles that a machine meets the conditions of, in the order of the data. */
export function evaluateTroubles(subject: TroubleSubject, troubles: readonly Trouble[]): TroubleMatch[] {
  return troubles.flatMap((trouble) => {
    const kernel = kernelHas(trouble, subject.kernel);
    if (!kernel) return [];
    const rest = conditionsHold(trouble.where, subject);
    if (!rest || trouble.unless.some((word) => hasParameter(subject, word))) return [];
    const { certainty } = trouble;
    return [
      {
        trouble,
        certainty: kernel.doubtful ? 'possible' : certainty,
        because: [...kernel.because, ...rest.because],
        devices: rest.devices,
      },
    ];
  });
}

/** Whether a kernel is among those that an entry names; undefined where it is not, or where that cannot be told. */
export function kernelHas(
  { upstream, packages }: Pick<Trouble, 'upstream' | 'packages'>,
  kernel: KernelIdentity,
): { because: readonly string[]; doubtful: boolean } | undefined {
  const own = packages[kernel.distribution];
  if (own !== undefined && kernel.package !== '') {
    const found = own.find((range) => within(range, kernel.package));
    return (
      found && {
        because: [`${kernel.distribution}’s kernel ${kernel.package} is ${inWords(found)}`],
        doubtful: false,
      }
    );
  }
  if (upstream.length === 0)
    return Object.keys(packages).length === 0 ? { because: [], doubtful: false } : undefined;
  if (kernel.stable === '' || (kernel.basis !== 'upstream' && kernel.basis !== 'patched')) return undefined;
  const found = upstream.find((range) => withinBranch(range, kernel.stable));
  return (
    found && {
      because: [`Linux ${kernel.stable} is ${inWords(found)}`],
      doubtful: kernel.basis === 'patched',
    }
  );
}

/** Whether a stable release is in a range of its own branch. */
function withinBranch(range: Range, stable: string): boolean {
  return branchOf(range.introduced ?? range.fixed ?? '') === branchOf(stable) && within(range, stable);
}

function within({ introduced, fixed }: Range, version: string): boolean {
  if (version === '') return false;
  return (
    (introduced === undefined || compareVersions(version, introduced) >= 0) &&
    (fixed === undefined || compareVersions(version, fixed) < 0)
  );
}

function inWords({ introduced, fixed }: Range): string {
  const from = introduced === undefined ? '' : `from ${introduced} on`;
  const before = fixed === undefined ? '' : `before ${fixed}`;
  return from && before ? `${from} and ${before}` : from || before;
}

interface Held {
  readonly because: readonly string[];
  readonly devices: readonly SubjectDevice[];
}

function conditionsHold(where: Conditions, subject: TroubleSubject): Held | undefined {
  const because: string[] = [];
  const devices = matchingDevices(where, subject.devices);
  if (devices) {
    if (devices.length === 0) return undefined;
    because.push(...devices.slice(0, 2).map(deviceInWords));
  }
  for (const condition of [
    ofModules,
    ofFilesystems,
    ofCpu,
    ofVirtualisation,
    ofFeatures,
    ofUptime,
    ofFirmwareFiles,
    ofParameters,
  ]) {
    const held = condition(where, subject);
    if (held === false) return undefined;
    if (held !== true) because.push(held);
  }
  return { because, devices: devices ?? [] };
}

/** Undefined where the entry asks for no device. */
function matchingDevices(where: Conditions, devices: readonly SubjectDevice[]): SubjectDevice[] | undefined {
  const { drivers, pci, models, firmware, mtuAbove } = where;
  if (!drivers && !pci && !models) return undefined;
  return devices.filter(
    (device) =>
      (!drivers || drivers.includes(device.driver)) &&
      (!pci || pci.includes(device.pci)) &&
      (!models || models.some((pattern) => matchesModel(pattern, device.model))) &&
      (!firmware ||
        (device.firmware !== undefined &&
          firmware.some((range) => within(range, firmwareVersion(device.firmware))))) &&
      (mtuAbove === undefined || (device.mtu ?? 0) > mtuAbove),
  );
}

/** The version within what a driver tells of its firmware: "8.30 0x8000a49d 1.2926.0" begins with it, bnxt's has "/pkg" behind. */
function firmwareVersion(text = ''): string {
  return /^\s*(?:FW[: ]*|v)?(\d[\w.]*)/i.exec(text)?.[1] ?? text.trim();
}

function matchesModel(pattern: string, model: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = model.toLowerCase();
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const last = index === rest.length - 1;
    const found = last ? text.length - part.length : text.indexOf(part, at);
    if (found < at || (last && !text.endsWith(part))) return false;
    at = found + part.length;
  }
  return true;
}

function deviceInWords({ name, driver, pci, model, firmware, mtu }: SubjectDevice): string {
  const what = [pci, model, firmware && `firmware ${firmware}`, mtu && mtu > 1_500 && `MTU ${mtu}`]
    .filter(Boolean)
    .join(', ');
  return `${name} is driven by ${driver || 'nothing'}${what ? ` (${what})` : ''}`;
}

/** true: nothing is asked, false: it does not hold or is not known, a text: it holds, in words. */
type Verdict = string | boolean;

function ofModules({ modules, moduleVersions }: Conditions, subject: TroubleSubject): Verdict {
  if (!modules) return true;
  const found = modules.find((name) => {
    const version = subject.modules?.get(name);
    return (
      version !== undefined && (!moduleVersions || moduleVersions.some((range) => within(range, version)))
    );
  });
  if (found === undefined) return false;
  const version = subject.modules?.get(found);
  return `${found}${version ? ` ${version}` : ''} is loaded`;
}

function ofFilesystems({ filesystems }: Conditions, subject: TroubleSubject): Verdict {
  if (!filesystems) return true;
  const found = filesystems.find((name) => subject.filesystems?.has(name));
  return found === undefined ? false : `${found} is mounted`;
}

function ofCpu({ cpu: wanted }: Conditions, { cpu }: TroubleSubject): Verdict {
  if (!wanted) return true;
  const vendor = { intel: 'GenuineIntel', amd: 'AuthenticAMD' }[wanted.vendor];
  if (!cpu || cpu.vendor !== vendor) return false;
  if (wanted.family !== undefined && cpu.family !== wanted.family) return false;
  if (wanted.models && (cpu.model === undefined || !wanted.models.includes(cpu.model))) return false;
  const { microcode: revisions, microcodeBefore: before } = wanted;
  const running = Number(cpu.microcode ?? 'x');
  if (before !== undefined && !(running < Number(before))) return false;
  if (revisions && !revisions.some((one) => Number(one) === running)) return false;
  const microcode =
    before || revisions ? `, microcode ${cpu.microcode}${before ? ` is before ${before}` : ''}` : '';
  return `the processor is ${vendor} family ${cpu.family} model ${cpu.model}${microcode}`;
}

function ofVirtualisation({ virtualisation }: Conditions, subject: TroubleSubject): Verdict {
  if (!virtualisation) return true;
  const { virtualisation: found } = subject;
  if (!found || !virtualisation.includes(found)) return false;
  return found === 'none' ? 'it is bare metal' : `it is a virtual machine (${found})`;
}

function ofFeatures({ features }: Conditions, subject: TroubleSubject): Verdict {
  if (!features) return true;
  const found = features.find((name) => subject.features.has(name));
  return found === undefined ? false : `${found} is in use`;
}

function ofUptime({ uptimeDaysAbove }: Conditions, { uptimeDays }: TroubleSubject): Verdict {
  if (uptimeDaysAbove === undefined) return true;
  if (uptimeDays === undefined || uptimeDays <= uptimeDaysAbove) return false;
  return `it has been up for ${Math.floor(uptimeDays)} days`;
}

function ofFirmwareFiles({ firmwareFilesMissing: files }: Conditions, subject: TroubleSubject): Verdict {
  if (!files) return true;
  // One that is there, or of which nothing is known, is enough to be silent.
  return files.every((name) => subject.hasFirmware(name) === false) ? `${files[0]} is not installed` : false;
}

function ofParameters({ parameters }: Conditions, subject: TroubleSubject): Verdict {
  if (!parameters) return true;
  const found = parameters.find((word) => hasParameter(subject, word));
  return found === undefined ? false : `${found} is on the command line`;
}

/** "NAME" stands for the parameter with any value, "NAME=VALUE" for that one. */
function hasParameter({ parameters }: TroubleSubject, word: string): boolean {
  if (parameters.has(word)) return true;
  return !word.includes('=') && [...parameters].some((one) => one.startsWith(`${word}=`));
}
