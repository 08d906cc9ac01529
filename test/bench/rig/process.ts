/** Small helpers around processes: finding programs, free ports, waiting for a server, and reading a process' footprint. */

import { randomInt } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The path of a program that PATH has, or undefined. */
export function onPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Where the kernel's ports for outgoing connections begin (ip(7), ip_local_port_range), and which it has unless told otherwise. */
const OUTGOING = '/proc/sys/net/ipv4/ip_local_port_range';
const OUTGOING_FROM = 32_768;
const PORTS_FROM = 10_000;
const PORTS_TRIED = 100;

/**
 * A TCP port that is free on 127.0.0.1 now, and that no outgoing connection takes before it is listened on: of those there are
 * many while tests run. Throws an Error where a hundred ports are taken.
 */
export async function freePort(): Promise<number> {
  const from = existsSync(OUTGOING) ? Number.parseInt(readFileSync(OUTGOING, 'utf8'), 10) : OUTGOING_FROM;
  const below = from > PORTS_FROM ? from : OUTGOING_FROM;
  for (let tried = 0; tried < PORTS_TRIED; tried++) {
    const port = randomInt(PORTS_FROM, below);
    if (await isFree(port)) return port;
  }
  throw new Error(`${PORTS_TRIED} ports from ${PORTS_FROM} to ${below} are all taken`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** How long a server may take to listen. */
const START_LIMIT_MS = 20_000;

/** Waits until something listens. Throws an Error after 20 s, or at once with what `dead` tells. */
export async function waitForPort(
  host: string,
  port: number,
  dead: () => string | undefined = () => undefined,
): Promise<void> {
  const until = Date.now() + START_LIMIT_MS;
  while (!(await listens(host, port))) {
    const why = dead();
    if (why) throw new Error(why);
    if (Date.now() > until) throw new Error(`nothing listens on ${host}:${port}`);
    await sleep(25);
  }
}

/** Waits until a process listens on a port, wherever its network is. Throws an Error after 20 s, or at once with what `dead` tells. */
export async function waitForListener(
  pid: number,
  port: number,
  dead: () => string | undefined = () => undefined,
): Promise<void> {
  const until = Date.now() + START_LIMIT_MS;
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  // The process's own view of its network (proc(5)); 0A is the state of a socket that listens.
  const listening = () => {
    try {
      return ['tcp', 'tcp6'].some((table) =>
        readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
          .split('\n')
          .some((row) => row.includes(local) && / 0A /.test(row)),
      );
    } catch {
      // It has ended, which `dead` tells in a moment.
      return false;
    }
  };
  for (;;) {
    const why = dead();
    if (why) throw new Error(why);
    if (listening()) return;
    if (Date.now() > until) throw new Error(`process ${pid} does not listen on port ${port}`);
    await sleep(25);
  }
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Memory of a process in bytes: all that is resident, and the anonymous part, which nothing else shares. */
export interface Footprint {
  residentBytes: number;
  anonymousBytes: number;
}

/** A process' memory now, from smaps_rollup of proc(5). */
export function footprint(pid: number): Footprint {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { residentBytes: kilobytes('Rss') * 1024, anonymousBytes: kilobytes('Anonymous') * 1024 };
}

/** Clock ticks of /proc/PID/stat are 10 ms wherever Linux runs today (getconf CLK_TCK). */
const CLOCK_TICK_MS = 10;

/** Processor time of a process, and of its children that have ended, in ms; fields 14 to 17 of proc_pid_stat(5). */
export function processorMs(pid: number): { own: number; children: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // The state, field 3, is the first here.
  const sum = (at: number) => (Number(fields[at]) + Number(fields[at + 1])) * CLOCK_TICK_MS;
  return { own: sum(11), children: sum(13) };
}

/** Begins to count the most that a process holds anew. */
export function resetPeak(pid: number): void {
  // Of clear_refs in proc(5): resets the peak of what is resident.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The most resident memory of a process since its start or the last `resetPeak`, in bytes. */
export function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

/** How often all threads of a process have gone to sleep of their own accord: each of these was a wake-up before. */
export function voluntarySwitches(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }, 0);
}

/** A running process' memory over time, sampled until it is stopped. */
export class FootprintWatch {
  readonly #samples: Footprint[] = [];
  readonly #timer: NodeJS.Timeout;

  /** Samples the process every `everyMs` milliseconds, at once for the first time. */
  constructor(pid: number, everyMs = 250) {
    this.#samples.push(footprint(pid));
    this.#timer = setInterval(() => this.#samples.push(footprint(pid)), everyMs);
  }

  /** Ends the sampling and gives the samples in order. */
  stop(): Footprint[] {
    clearInterval(this.#timer);
    return this.#samples;
  }
}
