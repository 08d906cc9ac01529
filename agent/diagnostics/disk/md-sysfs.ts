/**
 * Software RAID as /sys/block/md*\/md tells of it (Documentation/admin-guide/md.rst): of captured machines whose /proc/mdstat was not saved.
 * People print a few of these files alone, so what is not there is not told.
 */

import { line, type Machine, number } from '../../host/machine.ts';
import type { MdArray, MdMember } from './mdstat.ts';

/** An array by its files. */
export interface SysfsArray extends MdArray {
  /** Members that are missing; undefined where it is not told. */
  readonly missing: number | undefined;
  /** What was told: of the rest nothing is known. */
  readonly told: { readonly state: boolean; readonly members: boolean; readonly action: boolean };
}

const MAX_ARRAYS = 256;
/** States in which nothing is to be had of an array; "clear" is one that somebody stopped. */
const INACTIVE = /^(?:inactive|broken)$/;

/** Arrays of which files are there. */
export function sysfsArrays(machine: Machine): SysfsArray[] {
  return machine
    .list('sys/block')
    .filter((name) => /^md(?:_|\d)/.test(name))
    .slice(0, MAX_ARRAYS)
    .flatMap((name) => arrayOf(machine, name) ?? []);
}

function arrayOf(machine: Machine, name: string): SysfsArray | undefined {
  const at = `sys/block/${name}/md`;
  const files = machine.list(at);
  const state = line(machine, `${at}/array_state`);
  if (files.length === 0 || state === 'clear') return undefined;
  const members = files.flatMap((file) => memberOf(machine, at, file) ?? []);
  const missing = number(machine, `${at}/degraded`);
  const places = number(machine, `${at}/raid_disks`);
  const action = line(machine, `${at}/sync_action`);
  const [done, total] = (line(machine, `${at}/sync_completed`) ?? '').split(/ \/ /).map(Number);
  const version = line(machine, `${at}/metadata_version`) ?? '';
  return {
    ...{ name, active: !INACTIVE.test(state ?? ''), missing, members },
    readOnly: state === 'readonly' ? 'read-only' : state === 'read-auto' ? 'auto-read-only' : '',
    level: line(machine, `${at}/level`) ?? '',
    // Without "degraded" the members' states tell, where there is one for each place.
    places: places || undefined,
    working: places && missing !== undefined ? Math.max(0, places - missing) : workingOf(places, members),
    container: /^external:(?!\/)/.test(version),
    action:
      action === undefined || /^(?:idle|frozen)$/.test(action) ? '' : action.replace(/^recover$/, 'recovery'),
    percent: done !== undefined && total ? Number(((100 * done) / total).toFixed(1)) : undefined,
    ...{ waits: '', minutesLeft: undefined, speed: number(machine, `${at}/sync_speed`) },
    told: { state: state !== undefined, members: members.length > 0, action: action !== undefined },
  };
}

/** "dev-sda1/state": "in_sync", "faulty", "in_sync,write_error", "spare", "faulty,want_replacement". */
function memberOf(machine: Machine, at: string, file: string): MdMember | undefined {
  const name = /^dev-(.+)$/.exec(file)?.[1];
  const state = name === undefined ? undefined : line(machine, `${at}/${file}/state`);
  if (name === undefined || state === undefined) return undefined;
  const words = state.split(/[\s,]+/);
  const slot = number(machine, `${at}/${file}/slot`);
  return { name, role: slot ?? 0, failed: words.includes('faulty'), spare: words.includes('spare') };
}

/** How many members work, where each place has one whose state is told. */
function workingOf(places: number | undefined, members: readonly MdMember[]): number | undefined {
  if (!places || members.length < places) return undefined;
  return Math.min(places, members.filter(({ failed, spare }) => !failed && !spare).length);
}
