/** A machine for tests of the history: two clocks that the test moves, and numbers that it sets. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import type { Sample, Sampler } from '../sample.ts';

/** A machine that has nothing but its clocks. */
export class ClockMachine implements Machine {
  readonly live = true;
  /** ms since the epoch. */
  wall: number;
  /** ms since boot. */
  sinceBoot = 60_000;
  boot = 'aaaaaaaa-0000-4000-8000-000000000001';

  constructor(wall = Date.UTC(2026, 5, 1)) {
    this.wall = wall;
  }

  /** Lets time go on, on both clocks. */
  pass(ms: number): void {
    this.wall += ms;
    this.sinceBoot += ms;
  }

  /** Boots anew, with a clock that shows something. */
  reboot(wall: number): void {
    const number = Number.parseInt(this.boot.slice(-4), 16) + 1;
    this.boot = `${this.boot.slice(0, -4)}${number.toString(16).padStart(4, '0')}`;
    this.sinceBoot = 20_000;
    this.wall = wall;
  }

  now(): number {
    return this.wall;
  }

  nowUsec(): number {
    return this.wall * 1_000;
  }

  text(path: string): string | undefined {
    if (path === 'proc/uptime') return `${(this.sinceBoot / 1_000).toFixed(2)} 1.00\n`;
    return path === 'proc/sys/kernel/random/boot_id' ? `${this.boot}\n` : undefined;
  }

  list(): string[] {
    return [];
  }

  link(): undefined {
    return undefined;
  }

  has(): boolean {
    return false;
  }

  async slowFiles(): Promise<Map<string, string>> {
    return new Map();
  }

  async run(program: string): Promise<never> {
    throw new Unavailable('missing-tool', `${program} is not installed`);
  }

  kernelLogs(): never {
    throw new Unavailable('absent', 'this machine has no log');
  }

  async probe(): Promise<never> {
    throw new Unavailable('failed', 'nobody listens');
  }
}

/** A sampler of what a function gives. */
export function samplerOf(read: () => Record<string, number>): Sampler {
  return {
    id: 'test',
    read: (): Sample[] => Object.entries(read()).map(([series, value]) => ({ series, value })),
  };
}
