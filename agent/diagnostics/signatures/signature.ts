/**
 * Signatures: what a trouble looks like in the kernel's log. Each is data: the wordings that the kernel has had for it since
 * Linux 4.19, and what to tell a person who has it. Wordings are templates (template.ts), written like the kernel's own
 * format strings, so that they can be held against its source.
 */

import type { Remedy, Severity } from '../finding.ts';

/** The families of troubles, by which logs are searched and findings are grouped. Never renamed. */
export const FAMILIES = [
  'oops',
  'bug',
  'warn',
  'panic',
  'hung-task',
  'soft-lockup',
  'hard-lockup',
  'rcu-stall',
  'mce',
  'edac',
  'memory-failure',
  'oom',
  'page-allocation-failure',
  'netdev-watchdog',
  'nic-reset',
  'link-flap',
  'firmware-load',
  'ext4',
  'xfs',
  'btrfs',
  'filesystem',
  'readonly-remount',
  'network-filesystem',
  'io-error',
  'nvme-timeout',
  'scsi-timeout',
  'ata',
  'md-degraded',
  'device-mapper',
  'clocksource',
  'time-jump',
  'conntrack-full',
  'neighbour-overflow',
  'network-stack',
  'thermal',
  'power',
  'acpi',
  'aer',
  'pcie',
  'iommu',
  'usb',
  'gpu',
  'watchdog',
  'nmi',
  'module',
  'segfault',
  'audit',
  'virtualisation',
] as const;
/** A family. */
export type Family = (typeof FAMILIES)[number];

/**
 * What the device of a signature is: the kind of the finding's subject. Processors and processes are told with a line, but do
 * not make findings of their own (ownDevice): a lock-up on sixty processors is one trouble.
 */
export type DeviceKind =
  | 'nic'
  | 'disk'
  | 'filesystem'
  | 'array'
  | 'memory'
  | 'pci'
  | 'usb'
  | 'gpu'
  | 'sensor'
  | 'clock'
  | 'cpu'
  | 'process'
  | 'module'
  | 'service'
  | 'node';

/**
 * The device by which lines of a signature are told apart: undefined where its lines name something that makes no finding of
 * its own, and the drive where they name a namespace of it.
 */
export function ownDevice(
  { device: kind, family }: Pick<Signature, 'device' | 'family'>,
  device: string | undefined,
): string | undefined {
  if (kind === 'cpu' || kind === 'process') return undefined;
  return family === 'nvme-timeout' ? device?.replace(NAMESPACE, '$1') : device;
}

/** "nvme2n1", "nvme2c3n1": what the drive nvme2 offers. A drive that is lost says so under both names. */
const NAMESPACE = /^(nvme\d+)(?:c\d+)?n\d+(?:p\d+)?$/;

/** A trouble as the kernel's log tells it. */
export interface Signature {
  /** "kernel-log.nvme-timeout": stable, the id of its findings. */
  readonly id: string;
  readonly family: Family;
  /**
   * What one such line means, by what it says:
   *
   *   critical  data is lost or wrong (corrupt, uncorrected, beyond repair), a device or the machine is out of work until
   *             somebody acts (fatal, dead, offline, shut down, panic, given up), or that is next (too hot, no space, an array
   *             that lacks a member)
   *   warning   something did not do what it should and the kernel went on: what was corrected, a time-out, a reset, a retry, a
   *             recovery that began, a bond that lacks a member
   *   info      a detail of another line (that a reset went well, registers), what has no weight by itself (a link that went down
   *             once, a part that is missed by few, an option that is refused), and what only a driver's name and a word such as
   *             "failed" are known of (catalogue/trouble-words.ts), where machines that are well say it too
   *
   * Where wordings of one trouble differ in this, they are signatures of their own.
   */
  readonly severity: Severity;
  /** One line without numbers and names. */
  readonly title: string;
  /** What happened and why it matters, in one or two sentences. */
  readonly about: string;
  readonly remedy: Remedy;
  readonly links: readonly string[];
  /** Ids of findings that this one causes; a trailing "*" stands for any ending. */
  readonly explains: readonly string[];
  /** What `{dev}` in its wordings is. */
  readonly device: DeviceKind;
  /** Its wordings, as template.ts reads them. */
  readonly lines: readonly string[];
  /** Lines that are none of it although a wording fits: templates too. */
  readonly except: readonly string[];
  /** Fewer than so many in a log are no trouble yet, only worth knowing: errors that were corrected. 1 for most. */
  readonly few: number;
  /** Programs whose lines in syslog or journal it is told by, in place of the kernel's. */
  readonly programs: readonly string[];
}

/** A signature as the catalogue's files write it: what is usual may be left out. */
export interface SignatureSpec
  extends Pick<Signature, 'title' | 'lines'>,
    Partial<Omit<Signature, 'id' | 'title' | 'lines'>> {
  /** The part of the id behind "kernel-log.". */
  readonly name: string;
}

/** What the signatures of a group have in common. */
export type GroupSpec = Pick<Signature, 'family' | 'severity' | 'about' | 'remedy'> &
  Partial<Pick<Signature, 'links' | 'device' | 'explains' | 'except' | 'few' | 'programs'>>;

/** Signatures that share what stands in `common`. */
export function group(common: GroupSpec, specs: readonly SignatureSpec[]): readonly Signature[] {
  return specs.map(({ name, ...spec }) => ({
    ...{ links: [], explains: [], device: 'node', except: [], few: 1, programs: [] },
    ...common,
    ...spec,
    id: `kernel-log.${name}`,
  }));
}
