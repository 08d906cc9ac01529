/** What is ready for a crash, and what one left behind: kdump, watchdogs, panic settings, pstore. */

import { dirname } from 'node:path';
import { line, type Machine, number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { commandLine, parameter } from './command-line.ts';
import { savedSysctls, sysctlNumber } from './saved.ts';

/** Readiness for a crash. Undefined where the kernel has no such setting. */
export interface CrashFact {
  /** Bytes that are reserved for a crash kernel. */
  readonly reservedBytes: number | undefined;
  /** Whether a crash kernel is loaded. */
  readonly loaded: boolean | undefined;
  /** The value of crashkernel= on the command line. */
  readonly crashkernel: string | undefined;
  /** Whether the system is set up to load one, and by which unit or file that is said; empty where not. */
  readonly enabledBy: string;
  /** Seconds from a panic to the reboot; 0: never; negative: at once. */
  readonly panicSeconds: number | undefined;
  readonly panicOnOops: boolean | undefined;
  readonly hungTaskSeconds: number | undefined;
  readonly softWatchdog: boolean | undefined;
  readonly nmiWatchdog: boolean | undefined;
  readonly softlockupPanic: boolean | undefined;
  readonly hungTaskPanic: boolean | undefined;
}

const KDUMP_UNITS = ['kdump.service', 'kdump-tools.service', 'kdump-early.service'];

/** Readiness for a crash. */
export const crash = fact({
  id: 'kernel.crash',
  reads: [
    '/sys/kernel/kexec_crash_size',
    '/sys/kernel/kexec_crash_loaded',
    '/etc/systemd/system/*.wants/kdump*.service',
    '/etc/default/kdump-tools',
    '/proc/sys/kernel/{panic,panic_on_oops,hung_task_timeout_secs,soft_watchdog,nmi_watchdog,softlockup_panic}',
  ],
  limitMs: 1_000,
  read: async ({ machine, get }): Promise<CrashFact> => {
    const saved = await get(savedSysctls);
    const kernel = (name: string) => sysctlNumber(machine, saved, `kernel.${name}`);
    const flag = (name: string) => {
      const value = kernel(name);
      return value === undefined ? undefined : value !== 0;
    };
    const loaded = number(machine, 'sys/kernel/kexec_crash_loaded');
    const panicSeconds = kernel('panic');
    const { text } = await get(commandLine);
    if (!machine.live && loaded === undefined && panicSeconds === undefined && text === '')
      throw nothing(machine, '/proc/sys/kernel/panic');
    return {
      reservedBytes: number(machine, 'sys/kernel/kexec_crash_size'),
      loaded: loaded === undefined ? undefined : loaded === 1,
      crashkernel: parameter(await get(commandLine), 'crashkernel'),
      enabledBy: kdumpEnabledBy(machine),
      panicSeconds,
      panicOnOops: flag('panic_on_oops'),
      hungTaskSeconds: kernel('hung_task_timeout_secs'),
      softWatchdog: flag('soft_watchdog'),
      nmiWatchdog: flag('nmi_watchdog'),
      softlockupPanic: flag('softlockup_panic'),
      hungTaskPanic: flag('hung_task_panic'),
    };
  },
});

function kdumpEnabledBy(machine: Machine): string {
  for (const target of ['multi-user.target.wants', 'basic.target.wants', 'sysinit.target.wants'])
    for (const unit of KDUMP_UNITS)
      if (machine.has(`etc/systemd/system/${target}/${unit}`)) {
        // Debian's unit runs always, and does nothing unless its file says so.
        const set = /^\s*USE_KDUMP=(\S*)/m.exec(machine.text('etc/default/kdump-tools') ?? '')?.[1];
        return unit.startsWith('kdump-tools') && set?.replace(/["']/g, '') !== '1' ? '' : unit;
      }
  return '';
}

/** A record that the firmware or reserved memory kept of a crash. */
export interface PstoreRecord {
  readonly name: string;
  readonly folder: string;
  /** "panic", "oops" and others, as the record's first line says; empty where it does not. */
  readonly kind: string;
  /** Its telling lines, at most three. */
  readonly excerpt: readonly string[];
}

const MAX_RECORDS = 64;
const MAX_READ = 8;
const FOLDERS = ['sys/fs/pstore', 'var/lib/systemd/pstore'];
const TELLING =
  /panic|BUG|Oops|lockup|unable to handle|Hardware Error|RIP|Call Trace|general protection|stall/i;

/** What one record says. */
export function parsePstore(name: string, folder: string, text: string): PstoreRecord {
  const lines = text.slice(0, 65_536).split('\n');
  const head = /^(Panic|Oops|Emergency|Shutdown|Restart|Halt|Poweroff|Unknown)#/i.exec(lines[0] ?? '')?.[1];
  return {
    name,
    folder: `/${folder}`,
    kind: head?.toLowerCase() ?? (/^dmesg/.test(name) ? 'oops' : ''),
    excerpt: lines
      .slice(head === undefined ? 0 : 1)
      .filter((one) => TELLING.test(one))
      .slice(0, 3)
      .map((one) => one.trim().slice(0, 200)),
  };
}

/** Records of crashes. Empty where there are none. */
export const pstore = fact({
  id: 'kernel.pstore',
  reads: FOLDERS.map((folder) => `/${folder}`),
  limitMs: 3_000,
  read: async ({ machine, part }): Promise<PstoreRecord[]> => {
    if (!machine.live && !FOLDERS.some((folder) => machine.has(folder)))
      throw nothing(machine, `/${FOLDERS[0]}`);
    const records: PstoreRecord[] = [];
    for (const { folder, name } of pstoreFiles(machine)) {
      const text =
        records.length < MAX_READ
          ? await part(`/${folder}/${name}`, () => machine.text(`${folder}/${name}`))
          : '';
      records.push(parsePstore(name, folder, text ?? ''));
    }
    return records;
  },
});

/** systemd-pstore moves records into a folder of its own, in folders by time. */
function pstoreFiles(machine: Machine): { folder: string; name: string }[] {
  const files: { folder: string; name: string }[] = [];
  for (const folder of FOLDERS)
    for (const name of machine.list(folder).slice(-MAX_RECORDS)) {
      if (/^(?:dmesg|console|pmsg|ftrace)/.test(name)) files.push({ folder, name });
      else
        for (const inner of machine.list(`${folder}/${name}`).slice(0, MAX_RECORDS))
          if (/^dmesg/.test(inner)) files.push({ folder: `${folder}/${name}`, name: inner });
    }
  return files.filter(({ name }) => name.startsWith('dmesg')).slice(0, MAX_RECORDS);
}

/** Files of the crash dumps that kdump wrote, newest last. Empty where there are none. */
export const crashDumps = fact({
  id: 'kernel.crash-dumps',
  reads: ['/var/crash'],
  limitMs: 2_000,
  read: ({ machine }): string[] =>
    machine
      .list('var/crash')
      .filter((name) => /\d{4}-\d\d-\d\d|^\d{12}$/.test(name))
      .filter((name) =>
        machine.list(`var/crash/${name}`).some((file) => /^(?:vmcore|dump|dmesg|kernel)/.test(file)),
      )
      .slice(-MAX_RECORDS),
});

/** The kernel's core pattern: where core dumps go, and the program that takes them where it is a pipe. */
export const corePattern = fact({
  id: 'kernel.core-pattern',
  reads: ['/proc/sys/kernel/core_pattern'],
  limitMs: 1_000,
  read: ({ machine }): { pattern: string; program: string; programExists: boolean } => {
    const pattern = line(machine, 'proc/sys/kernel/core_pattern');
    if (pattern === undefined) throw nothing(machine, '/proc/sys/kernel/core_pattern');
    const program = /^\|\s*(\/\S+)/.exec(pattern)?.[1] ?? '';
    const path = program.slice(1);
    // Of a captured machine few folders with programs are kept.
    const kept = machine.live || machine.has(dirname(path));
    return { pattern, program, programExists: program === '' || !kept || machine.has(path) };
  },
});
