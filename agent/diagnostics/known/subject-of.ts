/** For tests: machines that meet the conditions of a known trouble, made from the entry itself. */

import { identifyKernel } from '../kernel/release.ts';
import type { SubjectDevice, TroubleSubject } from './subject.ts';
import type { Conditions, Range, Trouble } from './trouble.ts';

/** A machine of which nothing is known but its kernel: upstream's stable release. */
export function bareSubject(stable: string): TroubleSubject {
  return {
    kernel: identifyKernel({ release: stable, os: 'nixos' }),
    devices: [],
    modules: new Map(),
    filesystems: new Set(),
    cpu: undefined,
    virtualisation: undefined,
    features: new Set(),
    uptimeDays: undefined,
    parameters: new Set(),
    hasFirmware: () => undefined,
  };
}

/** A machine that meets the conditions, with the given kernel. */
export function subjectOf({ where }: Pick<Trouble, 'where'>, stable: string): TroubleSubject {
  const first = <T>(list: readonly T[] | undefined) => list?.[0];
  const cpu = where.cpu && {
    vendor: { intel: 'GenuineIntel', amd: 'AuthenticAMD' }[where.cpu.vendor],
    family: where.cpu.family ?? 6,
    model: first(where.cpu.models) ?? 1,
    microcode:
      first(where.cpu.microcode) ?? `0x${(Number(where.cpu.microcodeBefore ?? '0x2') - 1).toString(16)}`,
  };
  const version = where.moduleVersions ? versionIn(first(where.moduleVersions)) : '';
  return {
    ...bareSubject(stable),
    devices: deviceOf(where),
    modules: new Map((where.modules ?? []).map((name) => [name, version])),
    filesystems: new Set(where.filesystems),
    cpu,
    virtualisation: first(where.virtualisation),
    features: new Set(where.features),
    uptimeDays: where.uptimeDaysAbove === undefined ? undefined : where.uptimeDaysAbove + 1,
    parameters: new Set(where.parameters),
    hasFirmware: () => false,
  };
}

function deviceOf({ drivers, pci, models, firmware, mtuAbove }: Conditions): SubjectDevice[] {
  if (!drivers && !pci && !models) return [];
  return [
    {
      ...{ kind: 'nic', name: 'eth0', driver: drivers?.[0] ?? 'x', pci: pci?.[0] ?? '1234:5678' },
      model: (models?.[0] ?? '').replaceAll('*', 'x'),
      firmware: firmware ? versionIn(firmware[0]) : undefined,
      mtu: mtuAbove === undefined ? undefined : mtuAbove + 1,
    },
  ];
}

/** A version within a range. */
function versionIn({ introduced, fixed }: Range = {}): string {
  return introduced ?? beforeVersion(fixed ?? '1');
}

/** The version right before another: its last number one less, or, where that is 0, the same with "~" behind. */
export function beforeVersion(version: string): string {
  const match = /^(.*?)(\d+)([^\d]*)$/.exec(version);
  const last = Number(match?.[2] ?? 0);
  return match && last > 0 ? `${match[1]}${last - 1}${match[3]}` : `${version}~`;
}
