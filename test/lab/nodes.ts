/** What a lab's nodes are called, which labels they have, and which real logs of this machine they offer. */

import { accessSync, closeSync, constants, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS, type Fault, type SimulatedServer } from '../../agent/sim/server.ts';

/** A node of a lab: its labels, and the server that it pretends to be. */
export interface LabNode {
  name: string;
  labels: Record<string, string>;
  server: SimulatedServer;
}

const ROLES = ['web', 'db', 'edge'] as const;
const RACKS = ['a', 'b', 'c', 'd'] as const;

/**
 * In each dozen of nodes, one has each trouble that can be planted, so that diagnostics have something to find. In the first dozen that
 * is one node for all; in those after it they stand on nodes of their own, since troubles that always meet on the same nodes
 * would each be what the others are blamed on.
 */
const A_DOZEN = 12;
const SICK = 1;
/** By how much each fault moves on from dozen to dozen: so that they seldom meet, and on nodes of all roles and racks. */
const STEPS: Readonly<Record<Fault, number>> = { clock: 1, nic: 5, kernel: 10 };

function faultsOf(index: number): readonly Fault[] {
  const dozen = Math.floor(index / A_DOZEN);
  return FAULTS.filter((fault) => index % A_DOZEN === (SICK + dozen * STEPS[fault]) % A_DOZEN);
}

/** Names and labels for a fleet: web-1, db-1, edge-1, web-2, … over four racks. */
export function labNodes(count: number): LabNode[] {
  return Array.from({ length: count }, (_, index) => {
    const role = ROLES[index % ROLES.length] ?? 'web';
    const rack = RACKS[Math.floor(index / ROLES.length) % RACKS.length] ?? 'a';
    const name = `${role}-${Math.floor(index / ROLES.length) + 1}`;
    return { name, labels: { role, rack }, server: { name, rack, index, faults: faultsOf(index) } };
  });
}

/** Log files that most machines have, by the name under which a lab offers them. */
const LOG_FILES: readonly (readonly [name: string, path: string])[] = [
  ['syslog', '/var/log/syslog'],
  ['messages', '/var/log/messages'],
  ['dpkg', '/var/log/dpkg.log'],
  ['apt', '/var/log/apt/history.log'],
  ['alternatives', '/var/log/alternatives.log'],
  ['dnf', '/var/log/dnf.log'],
];

/** What this machine can offer a lab. */
export interface RealInput {
  /** Log files that exist, hold something and can be read. */
  files: { name: string; path: string }[];
  /** What is left out, and why, a sentence each. */
  leftOut: string[];
}

/** Looks at this machine. */
export function realInput(): RealInput {
  const files = LOG_FILES.map(([name, path]) => ({ name, path })).filter(
    ({ path }) => readable(path) && statSync(path).size > 0,
  );
  const leftOut: string[] = [];
  if (files.length === 0) leftOut.push('No log file of this machine can be read, so nodes offer none.');
  if (!canOpen('/dev/kmsg'))
    leftOut.push(
      'The kernel’s log is left out: /dev/kmsg can be read by root only (or where kernel.dmesg_restrict is 0).',
    );
  if (!hasJournal()) leftOut.push('The journal is left out: this machine keeps none, or it cannot be read.');
  return { files, leftOut };
}

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a device can be opened: the mode of /dev/kmsg lets everybody, the kernel decides when it is tried. */
function canOpen(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}

function hasJournal(): boolean {
  return ['/run/log/journal', '/var/log/journal'].some((folder) => {
    if (!readable(folder)) return false;
    return readdirSync(folder).some((machine) => {
      try {
        return readdirSync(join(folder, machine)).some((name) => name.endsWith('.journal'));
      } catch {
        return false;
      }
    });
  });
}
