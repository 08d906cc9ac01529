/** All signatures, in the order in which they are tried: what is special before what is general. */

import { BUILT_PLAN } from './built-plan.ts';
import { ARRAY_SIGNATURES } from './catalogue/arrays.ts';
import { BOARDS } from './catalogue/boards.ts';
import { BUGS, WARNINGS } from './catalogue/bugs.ts';
import { AER, IOMMU } from './catalogue/buses.ts';
import { CLOCKS, JUMPS } from './catalogue/clocks.ts';
import { OOPSES, PANICS } from './catalogue/crashes.ts';
import { CXL_MEMORY } from './catalogue/cxl.ts';
import { ATA } from './catalogue/disk-ata.ts';
import { SCSI_CONTROLLERS } from './catalogue/disk-controllers.ts';
import { IO_ERRORS } from './catalogue/disk-errors.ts';
import { NVME } from './catalogue/disk-nvme.ts';
import { SCSI } from './catalogue/disk-scsi.ts';
import { SCSI_DETAIL } from './catalogue/disk-scsi-detail.ts';
import { ANY_DRIVER } from './catalogue/drivers-any.ts';
import { NIC_DRIVERS } from './catalogue/drivers-nic.ts';
import { OTHER_DRIVERS } from './catalogue/drivers-others.ts';
import { STORAGE_DRIVERS } from './catalogue/drivers-storage.ts';
import { EXT4, READONLY } from './catalogue/filesystems.ts';
import { NETWORK_FILESYSTEMS } from './catalogue/filesystems-network.ts';
import { OTHER_FILESYSTEMS } from './catalogue/filesystems-others.ts';
import { BTRFS, XFS } from './catalogue/filesystems-xfs-btrfs.ts';
import { FIRMWARE, MODULES } from './catalogue/firmware-modules.ts';
import { ACPI, HEAT, POWER } from './catalogue/heat-power.ts';
import { LOCKUP_SIGNATURES } from './catalogue/lockups.ts';
import { GHES, MCE } from './catalogue/machine-checks.ts';
import { OOM, SHORTAGE } from './catalogue/memory.ts';
import { EDAC, POISON } from './catalogue/memory-errors.ts';
import { NETWORK_SIGNATURES } from './catalogue/network.ts';
import { BOARD_NICS } from './catalogue/nic-boards.ts';
import { BROADCOM_NICS } from './catalogue/nic-broadcom.ts';
import { DEAD_NICS } from './catalogue/nic-dead.ts';
import { INTEL_NICS } from './catalogue/nic-intel.ts';
import { LINKS, WATCHDOG } from './catalogue/nic-links.ts';
import { MELLANOX_NICS } from './catalogue/nic-mellanox.ts';
import { SERVER_NICS } from './catalogue/nic-servers.ts';
import { SHARED_NICS } from './catalogue/nic-shared.ts';
import { VIRTUAL_NICS } from './catalogue/nic-virtual.ts';
import { WIRELESS } from './catalogue/nic-wireless.ts';
import { PCIE } from './catalogue/pcie-links.ts';
import { PLATFORM_PARTS } from './catalogue/platform-parts.ts';
import { AUDIT, INIT, PROCESSES, VIRTUAL } from './catalogue/processes.ts';
import { RCU_STALLS } from './catalogue/rcu-stalls.ts';
import { STORAGE_PARTS } from './catalogue/storage-parts.ts';
import { SUBSYSTEM_SIGNATURES } from './catalogue/subsystems.ts';
import { CORE_SIGNATURES } from './catalogue/subsystems-core.ts';
import { GPU, USB } from './catalogue/usb-gpu.ts';
import { WATCHDOG_SIGNATURES } from './catalogue/watchdogs.ts';
import { compileForScan } from './line-scanner.ts';
import type { Recogniser } from './recogniser.ts';
import type { Signature } from './signature.ts';
import { unpackPlan } from './wording-plan.ts';

/** Every signature. */
export const SIGNATURES: readonly Signature[] = [
  ...[...LOCKUP_SIGNATURES, ...RCU_STALLS, ...WATCHDOG_SIGNATURES],
  ...[...PANICS, ...OOPSES, ...BUGS, ...WARNINGS],
  ...[...OOM, ...SHORTAGE, ...EDAC, ...MCE, ...GHES, ...POISON],
  ...[...CLOCKS, ...JUMPS, ...HEAT, ...POWER, ...ACPI, ...AER, ...CXL_MEMORY, ...PCIE, ...IOMMU],
  ...[...READONLY, ...EXT4, ...XFS, ...BTRFS, ...OTHER_FILESYSTEMS, ...NETWORK_FILESYSTEMS],
  ...ARRAY_SIGNATURES,
  ...[...NVME, ...ATA, ...SCSI_CONTROLLERS, ...SCSI, ...IO_ERRORS, ...SCSI_DETAIL],
  ...NETWORK_SIGNATURES,
  ...[...LINKS, ...WATCHDOG],
  ...DEAD_NICS,
  ...[
    ...INTEL_NICS,
    ...MELLANOX_NICS,
    ...BROADCOM_NICS,
    ...SERVER_NICS,
    ...VIRTUAL_NICS,
    ...BOARD_NICS,
    ...WIRELESS,
  ],
  ...SHARED_NICS,
  ...BOARDS,
  ...[...FIRMWARE, ...MODULES, ...USB, ...GPU, ...PROCESSES, ...INIT, ...AUDIT, ...VIRTUAL],
  ...[...NIC_DRIVERS, ...STORAGE_DRIVERS, ...OTHER_DRIVERS],
  ...SUBSYSTEM_SIGNATURES,
  ...STORAGE_PARTS,
  ...[...PLATFORM_PARTS, ...CORE_SIGNATURES],
  ...ANY_DRIVER,
];

let compiled: Recogniser | undefined;

/** The catalogue, compiled when it is first asked for. */
export function catalogue(): Recogniser {
  compiled ??= compileForScan(SIGNATURES, BUILT_PLAN === undefined ? undefined : unpackPlan(BUILT_PLAN));
  return compiled;
}
