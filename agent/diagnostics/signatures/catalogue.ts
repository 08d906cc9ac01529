/** All signatures, in the order in which they are tried: what is special before what is general. */

import { ARRAY_SIGNATURES } from './catalogue/arrays.ts';
import { CRASHES } from './catalogue/crashes.ts';
import { DEVICE_SIGNATURES } from './catalogue/devices.ts';
import { DISK_SIGNATURES } from './catalogue/disks.ts';
import { FILESYSTEM_SIGNATURES } from './catalogue/filesystems.ts';
import { LOCKUP_SIGNATURES } from './catalogue/lockups.ts';
import { MEMORY_SIGNATURES } from './catalogue/memory.ts';
import { NETWORK_SIGNATURES } from './catalogue/network.ts';
import { BROADCOM_NICS } from './catalogue/nic-broadcom.ts';
import { INTEL_NICS } from './catalogue/nic-intel.ts';
import { MELLANOX_NICS } from './catalogue/nic-mellanox.ts';
import { OTHER_NICS } from './catalogue/nic-others.ts';
import { NIC_WATCHDOG, SHARED_NICS } from './catalogue/nic-shared.ts';
import { PLATFORM_SIGNATURES } from './catalogue/platform.ts';
import { compileForScan } from './line-scanner.ts';
import type { Recogniser } from './recogniser.ts';
import type { Signature } from './signature.ts';

/** Every signature. */
export const SIGNATURES: readonly Signature[] = [
  ...LOCKUP_SIGNATURES,
  ...CRASHES,
  ...MEMORY_SIGNATURES,
  ...PLATFORM_SIGNATURES,
  ...FILESYSTEM_SIGNATURES,
  ...ARRAY_SIGNATURES,
  ...DISK_SIGNATURES,
  ...NETWORK_SIGNATURES,
  ...NIC_WATCHDOG,
  ...INTEL_NICS,
  ...MELLANOX_NICS,
  ...BROADCOM_NICS,
  ...OTHER_NICS,
  ...SHARED_NICS,
  ...DEVICE_SIGNATURES,
];

let compiled: Recogniser | undefined;

/** The catalogue, compiled when it is first asked for. */
export function catalogue(): Recogniser {
  compiled ??= compileForScan(SIGNATURES);
  return compiled;
}
