/** What is concluded of facts in more than one place. */

import type { InstalledKernels } from './installed.ts';
import type { KernelIdentity } from './release.ts';

/** Distributions that keep the branches of their kernels for as long as they support the system. */
const KEEPERS = new Set([
  ...['debian', 'amazon', 'azurelinux', 'photon', 'raspberrypi', 'wsl', 'cos', 'bottlerocket'],
]);

/** Whether upstream's end of a branch is not what counts for a kernel. */
export function isKeptByDistribution({ basis, distribution }: KernelIdentity): boolean {
  return (basis !== 'upstream' && basis !== 'patched') || KEEPERS.has(distribution);
}

/** Why a reboot is pending, a phrase for each reason; empty where none is. */
export function rebootReasons(
  { release, package: running }: KernelIdentity,
  { newer, newest, rebuilt, requiredBy }: InstalledKernels,
): string[] {
  const packages = requiredBy?.filter((name) => name !== '') ?? [];
  return [
    ...(newer ? [`${release} runs, ${newest} is installed`] : []),
    ...(rebuilt === '' ? [] : [`${release} runs as ${running}, its package is ${rebuilt}`]),
    ...(requiredBy
      ? [`/run/reboot-required is there${packages.length > 0 ? `: ${packages.join(', ')}` : ''}`]
      : []),
  ];
}
