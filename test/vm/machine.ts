/**
 * A virtual machine: QEMU without hardware help, which starts its disk by its firmware as a real one does, its console kept, its
 * agent's port on loopback at each address that it may have.
 *
 * Each start has a process of its own, and memory without a trace of the start before. QEMU keeps what it translated of a page of memory
 * until somebody writes there, once for each address at which programs ran it, and looks through all of that at every such write; so a
 * page of a library that many programs ran costs its next user as much. Where that was the firmware's stack, each tick of its clock took
 * longer than the time to the next, and the machine stood still for good, reset or not.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onPath, processorMs } from '../bench/rig/process.ts';
import { bareMachine, nvmeDisk, QEMU } from '../support/qemu.ts';
import { control, endOf, processors } from './control.ts';
import { StartWatch } from './start-watch.ts';

const MEMORY_MB = 1_024;
/** The console's last characters, which a message shows. */
const SHOWN = 8_000;
/** What UEFI says when it starts the boot loader. */
const STARTING = 'BdsDxe: starting';
/** systemd gives units 90 s to stop, and a busy host makes everything take many times as long. */
const SHUT_DOWN_MS = 300_000;
/** So often a start that stands still is ended by the reset button, as somebody beside a real machine would. */
const MOST_PRESSES = 2;
const WATCHED_MS = 2_000;
/** Why QEMU ends where the machine is to start anew: it did so by itself, or the reset button was pressed. */
const RESETS: readonly string[] = ['guest-reset', 'host-qmp-system-reset'];
/** Debian's OVMF: the code, and the variables that a new machine has. */
const UEFI_CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const UEFI_VARIABLES = '/usr/share/OVMF/OVMF_VARS_4M.fd';

/** Addresses that the guest has: the one that its disk gives it, and one that a test moves it to. */
const GUEST = { usual: '10.0.2.15', moved: '10.0.2.99' } as const;

/** What starts the disk. */
export type Firmware = 'uefi' | 'bios';

/** What a machine is made of. */
export interface MachineOptions {
  readonly disk: string;
  readonly firmware: Firmware;
  /** What the machine needs beside its disk is put there; its firmware's variables are kept there from one start to the next. */
  readonly folder: string;
  /** The address of loopback that is its own, where it is reached: in every start, and whatever ports others take. */
  readonly host: string;
}

/** The ports at which it is reached while the guest has its usual address, and while it has the other one. */
export const PORTS = { usual: 7443, moved: 7444 } as const;

/** Why no machine can be started here, or undefined. */
export function machineMissing(): string | undefined {
  if (!onPath(QEMU)) return `${QEMU} is missing (package qemu-system-x86)`;
  return existsSync(UEFI_CODE) ? undefined : `${UEFI_CODE} is missing (package ovmf)`;
}

/** A running virtual machine. */
export class VirtualMachine {
  readonly #argv: readonly string[];
  readonly #control: string;
  readonly #events: string;
  readonly #log: string;
  readonly #watch: StartWatch;
  readonly #end: Promise<void>;
  readonly #starts: number[] = [];
  #process: ChildProcess;
  #running = true;
  /** Its power was cut. */
  #cut = false;
  #console = '';
  #line = '';
  /** So much of the file has been read. */
  #read: number;
  #presses = 0;
  #lost: string | undefined;

  /** Starts a machine. */
  constructor({ disk, firmware, folder, host }: MachineOptions) {
    this.#control = join(folder, 'qmp');
    this.#events = join(folder, 'events');
    this.#log = join(folder, 'console');
    const forwarded = (['usual', 'moved'] as const).map(
      (which) => `hostfwd=tcp:${host}:${PORTS[which]}-${GUEST[which]}:7443`,
    );
    const variables = join(folder, 'uefi-variables');
    if (firmware === 'uefi' && !existsSync(variables)) copyFileSync(UEFI_VARIABLES, variables);
    this.#argv = [
      ...bareMachine(MEMORY_MB),
      ...['-action', 'reboot=shutdown'],
      ...['-qmp', `unix:${this.#control},server=on,wait=off`],
      ...['-qmp', `unix:${this.#events},server=on,wait=off`],
      // A pipe that this process is too busy to read would hold up the guest's serial line, and cost it letters.
      ...['-chardev', `file,id=c0,path=${this.#log},append=on`],
      ...['-serial', 'chardev:c0'],
      ...['-netdev', ['user,id=n0,restrict=on,ipv6=off', ...forwarded].join()],
      ...['-device', 'virtio-net-pci,netdev=n0,romfile='],
      ...['-object', 'rng-random,id=r0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=r0'],
      ...nvmeDisk(disk, { drive: 'discard=unmap', device: 'bootindex=0' }),
      ...(firmware === 'uefi'
        ? [
            ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${UEFI_CODE}`],
            ...['-drive', `if=pflash,unit=1,format=raw,file=${variables}`],
          ]
        : []),
    ];
    this.#read = existsSync(this.#log) ? statSync(this.#log).size : 0;
    this.#process = this.#powerOn();
    this.#watch = new StartWatch({ spentMs: () => this.#spentMs(), nowMs: Date.now });
    this.#end = this.#startAnew();
    void this.#watchStarts();
  }

  /** The end of what its console showed. */
  get console(): string {
    this.#hear();
    return this.#console;
  }

  /** When UEFI has started the boot loader, in ms since the epoch, oldest first. */
  get starts(): readonly number[] {
    return this.#starts;
  }

  /** How often a start stood still, and the reset button was pressed. */
  get presses(): number {
    return this.#presses;
  }

  /** Why it was given up, and ended; undefined otherwise. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** How much its console has shown until now, in bytes. */
  get consoleBytes(): number {
    this.#hear();
    return this.#read;
  }

  /** What its console showed behind so many bytes. */
  consoleSince(bytes: number): string {
    return readFileSync(this.#log).subarray(bytes).toString();
  }

  /** Whether it still runs. */
  get running(): boolean {
    return this.#running;
  }

  /** Presses the power button, and waits until the guest has shut down in good order. @throws Error with its console in the end */
  async shutDown(): Promise<void> {
    await control(this.#control, 'system_powerdown');
    await Promise.race([this.#end, sleep(SHUT_DOWN_MS, undefined, { ref: false })]);
    if (this.#running) throw new Error(`it did not shut down:\n${this.console}`);
  }

  /** Presses the reset button. */
  async reset(): Promise<void> {
    await control(this.#control, 'system_reset');
  }

  /** Cuts its power. */
  async stop(): Promise<void> {
    this.#cut = true;
    this.#process.kill('SIGKILL');
    await this.#end;
  }

  #powerOn(): ChildProcess {
    // What QEMU itself says stands among what the console shows.
    const errors = openSync(this.#log, 'a');
    const started = spawn(QEMU, this.#argv, { stdio: ['ignore', errors, errors] });
    closeSync(errors);
    return started;
  }

  /** Has a process for each start until the machine ends for good. Never rejects. */
  async #startAnew(): Promise<void> {
    for (;;) {
      const why = await endOf(this.#process, this.#events);
      if (this.#cut || !RESETS.includes(why ?? '')) break;
      this.#process = this.#powerOn();
      this.#watch.restarted();
    }
    this.#running = false;
  }

  /** Reads what the console has shown since. */
  #hear(): void {
    const file = openSync(this.#log, 'r');
    const part = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#read));
    readSync(file, part, 0, part.length, this.#read);
    closeSync(file);
    this.#read += part.length;
    const text = part.toString();
    this.#console = (this.#console + text).slice(-SHOWN);
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.pop() ?? '').slice(-SHOWN);
    for (const line of lines) {
      if (line.includes(STARTING)) this.#starts.push(Date.now());
      this.#watch.heard(line);
    }
  }

  /** What the process has spent; nothing when it has ended. */
  #spentMs(): number {
    try {
      return processorMs(this.#process.pid ?? 0).own;
    } catch {
      return 0;
    }
  }

  /** Ends starts that stand still, and tells of each at once; the machine itself after the last. Never rejects. */
  async #watchStarts(): Promise<void> {
    while (this.running) {
      await sleep(WATCHED_MS, undefined, { ref: false });
      // Its file goes with it.
      if (!this.running) return;
      this.#hear();
      const why = this.#watch.stuck;
      if (!why) continue;
      const where = await processors(this.#control).catch(String);
      // What has gone on while it was looked at is slow, and no more.
      if (!this.running) return;
      this.#hear();
      if (!this.#watch.stuck) continue;
      const last = this.#presses === MOST_PRESSES;
      const told = `the machine is ${last ? 'given up' : 'reset'}: ${why}\n${where}\n`;
      process.stderr.write(`${told}${this.#console.slice(-500)}\n`);
      if (!last) {
        this.#presses++;
        await this.reset().then(undefined, (error) => process.stderr.write(`${error}\n`));
      } else {
        this.#lost = told;
        await this.stop();
      }
    }
  }
}
