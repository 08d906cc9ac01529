/**
 * What is known against the kernel and the firmware that an image brings, on this very node: before anything is written. The
 * machine's devices, settings and file systems stay; the kernel, its modules and its firmware are the image's.
 */

import { unavailable } from '../diagnostics/fact.ts';
import { FactStore } from '../diagnostics/fact-store.ts';
import type { TroubleMatch } from '../diagnostics/known/evaluate.ts';
import { troubleSubject } from '../diagnostics/known/subject-fact.ts';
import { type TargetKernel, troublesOfTarget } from '../diagnostics/known/target.ts';
import type { Interface } from '../diagnostics/nic/interfaces.ts';
import { nicInterfaces } from '../diagnostics/nic/interfaces.ts';
import type { Machine } from '../host/machine.ts';

/** What a manifest tells of the kernel that an image boots. */
export interface OfferedKernel {
  /** `uname -r` of it. Without it nothing can be said of its kernel. */
  readonly kernelRelease?: string | undefined;
  /** ID of the image's os-release, and the version of its kernel's package: kernels of distributions are judged by it alone. */
  readonly distribution?: string | undefined;
  readonly kernelPackage?: string | undefined;
  /** Drivers of network cards that it carries, built in or as modules; without it nothing is said of missing ones. */
  readonly modules?: readonly string[] | undefined;
  /** Firmware files that it carries, by path below /lib/firmware, and for which driver. */
  readonly firmware?:
    | readonly { readonly driver: string; readonly file: string; readonly version?: string | undefined }[]
    | undefined;
}

/** Something that is known against an image on this node. */
export interface TroubleFinding {
  /** By it the risk is accepted: "known.r8169-multicast-filter", "upgrade.no-driver-igc". */
  readonly id: string;
  /** What happens, and to what, a sentence without a full stop. */
  readonly message: string;
  /** What can be done, or empty. */
  readonly hint: string;
}

const LIMIT_MS = 20_000;

/**
 * What is known against an image on a machine. Empty means that nothing is known, not that there is nothing. Where the machine itself
 * cannot be read, that is a finding: an upgrade that nobody could look at is one to be accepted knowingly.
 * @throws only for an abort
 */
export async function knownTroublesOf(
  image: OfferedKernel,
  machine: Machine,
  signal: AbortSignal,
): Promise<TroubleFinding[]> {
  const facts = new FactStore(machine, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
  const found: TroubleFinding[] = [];
  try {
    const target = targetOf(image);
    if (target) found.push(...troublesOfTarget(await facts.get(troubleSubject), target).map(findingOf));
    if (image.modules) found.push(...missingDrivers(await facts.get(nicInterfaces), image.modules));
  } catch (error) {
    signal.throwIfAborted();
    found.push({
      id: 'upgrade.node-not-read',
      message: `whether the image suits this node cannot be told: ${unavailable(error).message}`,
      hint: 'nodectl diag kernel shows what cannot be read',
    });
  }
  return found;
}

function targetOf(image: OfferedKernel): TargetKernel | undefined {
  const { kernelRelease, distribution, kernelPackage, firmware = [] } = image;
  if (kernelRelease === undefined) return undefined;
  const files = new Set(firmware.map(({ file }) => file.replace(/\.(?:xz|zst)$/, '')));
  return {
    release: kernelRelease,
    ...(distribution === undefined ? {} : { distribution }),
    ...(kernelPackage === undefined ? {} : { packageVersion: kernelPackage }),
    ...(files.size > 0 ? { firmwareFiles: files } : {}),
  };
}

function findingOf({ trouble, because, devices, certainty }: TroubleMatch): TroubleFinding {
  const { id, title, remedy } = trouble;
  const where = devices.length > 0 ? ` with ${devices.map(({ name }) => name).join(', ')}` : '';
  return { id, message: `${title}${where}, ${certainty}: ${because.join('; ')}`, hint: remedy.text };
}

/** Network cards that are up and have a link, and whose driver the image does not carry: it would come up deaf. */
function missingDrivers(interfaces: readonly Interface[], modules: readonly string[]): TroubleFinding[] {
  const plain = (name: string) => name.replaceAll('-', '_');
  const carried = new Set(modules.map(plain));
  const lost = new Map<string, string[]>();
  for (const { name, device, carrier } of interfaces) {
    const driver = device?.module ?? device?.driver;
    if (driver === undefined || carrier !== true || carried.has(plain(driver))) continue;
    lost.set(driver, [...(lost.get(driver) ?? []), name]);
  }
  return [...lost].map(([driver, names]) => ({
    id: `upgrade.no-driver-${driver}`,
    message: `the image has no driver ${driver}, by which ${names.join(', ')} ${names.length === 1 ? 'has its link' : 'have their links'}`,
    hint: 'build the image with the module, or its firmware package',
  }));
}
