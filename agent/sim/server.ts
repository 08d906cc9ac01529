/**
 * Simulated servers for the lab: a small rack server with two 25 Gbit/s ports, as the files and programs of one would show
 * it, and the troubles that can be planted in it. All hardware is made up; formats are the kernel's and the programs' own.
 */

import { CLOCK_OFFSET_SECONDS, clockParts } from './clock-parts.ts';
import { diskParts } from './disk-parts.ts';
import { kernelParts } from './kernel-parts.ts';
import { logParts } from './log-parts.ts';
import { MemoryMachine } from './memory-machine.ts';
import { nicParts } from './nic-parts.ts';
import { systemParts } from './system-parts.ts';

/** Troubles that can be planted: a clock that is off, a NIC with errors and old firmware, a tainted kernel with a hung task. */
export const FAULTS = ['clock', 'nic', 'kernel'] as const;
/** A trouble that can be planted. */
export type Fault = (typeof FAULTS)[number];

/** What distinguishes one simulated server from another. */
export interface SimulatedServer {
  readonly name: string;
  /** The switch that it is cabled to is named after it. */
  readonly rack: string;
  /** Its place in the fleet, from 0: addresses and identifiers follow from it. */
  readonly index: number;
  readonly faults: readonly Fault[];
}

/** The machine of a server. */
export function simulatedMachine(server: SimulatedServer): MemoryMachine {
  const parts = [
    clockParts(server),
    nicParts(server),
    kernelParts(server),
    logParts(server),
    diskParts(server),
    systemParts(server),
  ];
  const ahead = server.faults.includes('clock') ? CLOCK_OFFSET_SECONDS * 1_000 : 0;
  return new MemoryMachine({ files: new Map(), clockAheadMs: ahead }, ...parts);
}
