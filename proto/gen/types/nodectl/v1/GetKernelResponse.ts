// @ts-nocheck
// Original file: nodectl/v1/kernel.proto

import type { KernelVersion as _nodectl_v1_KernelVersion, KernelVersion__Output as _nodectl_v1_KernelVersion__Output } from '../../nodectl/v1/KernelVersion.ts';
import type { KernelHardware as _nodectl_v1_KernelHardware, KernelHardware__Output as _nodectl_v1_KernelHardware__Output } from '../../nodectl/v1/KernelHardware.ts';
import type { KernelTaint as _nodectl_v1_KernelTaint, KernelTaint__Output as _nodectl_v1_KernelTaint__Output } from '../../nodectl/v1/KernelTaint.ts';
import type { KernelModule as _nodectl_v1_KernelModule, KernelModule__Output as _nodectl_v1_KernelModule__Output } from '../../nodectl/v1/KernelModule.ts';
import type { KernelSysctl as _nodectl_v1_KernelSysctl, KernelSysctl__Output as _nodectl_v1_KernelSysctl__Output } from '../../nodectl/v1/KernelSysctl.ts';
import type { KernelMitigation as _nodectl_v1_KernelMitigation, KernelMitigation__Output as _nodectl_v1_KernelMitigation__Output } from '../../nodectl/v1/KernelMitigation.ts';
import type { KernelMicrocode as _nodectl_v1_KernelMicrocode, KernelMicrocode__Output as _nodectl_v1_KernelMicrocode__Output } from '../../nodectl/v1/KernelMicrocode.ts';
import type { KernelInstalled as _nodectl_v1_KernelInstalled, KernelInstalled__Output as _nodectl_v1_KernelInstalled__Output } from '../../nodectl/v1/KernelInstalled.ts';
import type { KernelCrash as _nodectl_v1_KernelCrash, KernelCrash__Output as _nodectl_v1_KernelCrash__Output } from '../../nodectl/v1/KernelCrash.ts';
import type { KernelPreviousBoot as _nodectl_v1_KernelPreviousBoot, KernelPreviousBoot__Output as _nodectl_v1_KernelPreviousBoot__Output } from '../../nodectl/v1/KernelPreviousBoot.ts';
import type { KernelCrashRecord as _nodectl_v1_KernelCrashRecord, KernelCrashRecord__Output as _nodectl_v1_KernelCrashRecord__Output } from '../../nodectl/v1/KernelCrashRecord.ts';
import type { KernelTroubleMatch as _nodectl_v1_KernelTroubleMatch, KernelTroubleMatch__Output as _nodectl_v1_KernelTroubleMatch__Output } from '../../nodectl/v1/KernelTroubleMatch.ts';
import type { ReadProblem as _nodectl_v1_ReadProblem, ReadProblem__Output as _nodectl_v1_ReadProblem__Output } from '../../nodectl/v1/ReadProblem.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The kernel.
 */
export interface GetKernelResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec'?: (number | string | Long);
  /**
   * Seconds since the boot.
   */
  'uptimeSeconds'?: (number | string);
  /**
   * Which kernel it is.
   */
  'version'?: (_nodectl_v1_KernelVersion | null);
  /**
   * The hardware that it runs on.
   */
  'hardware'?: (_nodectl_v1_KernelHardware | null);
  /**
   * The command line, with values of secret parameters left out.
   */
  'commandLine'?: (string);
  /**
   * The taint as the kernel's mask.
   */
  'taint'?: (number | string | Long);
  /**
   * What the bits of the taint mean.
   */
  'taints'?: (_nodectl_v1_KernelTaint)[];
  /**
   * How many modules are loaded, or 0 where the kernel has none.
   */
  'moduleCount'?: (number);
  /**
   * Modules that are not part of the kernel, forced, staging, or forbidden and loaded all the same.
   */
  'modules'?: (_nodectl_v1_KernelModule)[];
  /**
   * How many kernel parameters are configured in sysctl.d.
   */
  'sysctlConfigured'?: (number);
  /**
   * Those whose value is not in force.
   */
  'sysctls'?: (_nodectl_v1_KernelSysctl)[];
  /**
   * Faults of the processor, with what the kernel does against them.
   */
  'mitigations'?: (_nodectl_v1_KernelMitigation)[];
  /**
   * Revisions of the microcode, those that most processors run first.
   */
  'microcode'?: (_nodectl_v1_KernelMicrocode)[];
  /**
   * What is installed, and what the next boot will bring.
   */
  'installed'?: (_nodectl_v1_KernelInstalled | null);
  /**
   * How the node is set up for a crash.
   */
  'crash'?: (_nodectl_v1_KernelCrash | null);
  /**
   * How the previous boot ended. Not set where no journal of it is kept.
   */
  'previousBoot'?: (_nodectl_v1_KernelPreviousBoot | null);
  /**
   * Records of crashes that the firmware kept, and crash dumps.
   */
  'crashRecords'?: (_nodectl_v1_KernelCrashRecord)[];
  /**
   * Known troubles whose conditions the node meets.
   */
  'troubles'?: (_nodectl_v1_KernelTroubleMatch)[];
  /**
   * What could not be read.
   */
  'problems'?: (_nodectl_v1_ReadProblem)[];
}

/**
 * The kernel.
 */
export interface GetKernelResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec': (number);
  /**
   * Seconds since the boot.
   */
  'uptimeSeconds': (number);
  /**
   * Which kernel it is.
   */
  'version': (_nodectl_v1_KernelVersion__Output | null);
  /**
   * The hardware that it runs on.
   */
  'hardware': (_nodectl_v1_KernelHardware__Output | null);
  /**
   * The command line, with values of secret parameters left out.
   */
  'commandLine': (string);
  /**
   * The taint as the kernel's mask.
   */
  'taint': (number);
  /**
   * What the bits of the taint mean.
   */
  'taints': (_nodectl_v1_KernelTaint__Output)[];
  /**
   * How many modules are loaded, or 0 where the kernel has none.
   */
  'moduleCount': (number);
  /**
   * Modules that are not part of the kernel, forced, staging, or forbidden and loaded all the same.
   */
  'modules': (_nodectl_v1_KernelModule__Output)[];
  /**
   * How many kernel parameters are configured in sysctl.d.
   */
  'sysctlConfigured': (number);
  /**
   * Those whose value is not in force.
   */
  'sysctls': (_nodectl_v1_KernelSysctl__Output)[];
  /**
   * Faults of the processor, with what the kernel does against them.
   */
  'mitigations': (_nodectl_v1_KernelMitigation__Output)[];
  /**
   * Revisions of the microcode, those that most processors run first.
   */
  'microcode': (_nodectl_v1_KernelMicrocode__Output)[];
  /**
   * What is installed, and what the next boot will bring.
   */
  'installed': (_nodectl_v1_KernelInstalled__Output | null);
  /**
   * How the node is set up for a crash.
   */
  'crash': (_nodectl_v1_KernelCrash__Output | null);
  /**
   * How the previous boot ended. Not set where no journal of it is kept.
   */
  'previousBoot': (_nodectl_v1_KernelPreviousBoot__Output | null);
  /**
   * Records of crashes that the firmware kept, and crash dumps.
   */
  'crashRecords': (_nodectl_v1_KernelCrashRecord__Output)[];
  /**
   * Known troubles whose conditions the node meets.
   */
  'troubles': (_nodectl_v1_KernelTroubleMatch__Output)[];
  /**
   * What could not be read.
   */
  'problems': (_nodectl_v1_ReadProblem__Output)[];
}
