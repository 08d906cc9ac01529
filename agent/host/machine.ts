/**
 * The machine that is diagnosed, as all readers see it: this one (live-machine.ts), one that was captured in a folder
 * (captured-machine.ts), or a simulated one (agent/sim). Paths are relative to its root and are made by our own code from
 * names that the kernel listed, never from what a caller sent.
 */

import type { FailedCommand } from './failed-commands.ts';
import type { KernelLog } from './kernel-log.ts';
import type { StaticInventory } from './static-inventory.ts';

/** What a program printed. */
export interface ToolOutput {
  /** Its exit status; 0 where a captured machine kept the output alone. */
  readonly code: number;
  /** Its output as UTF-8; bytes that are none become U+FFFD. */
  readonly stdout: string;
  /** At most 16 KiB of its messages; empty where a captured machine kept the output alone. */
  readonly stderr: string;
}

/** An output that a captured machine has of a program. */
export interface SavedOutput {
  /** What its file's name has behind the program's, in lower case: ["i", "eth0"] of "ethtool_-i_eth0". */
  readonly words: readonly string[];
  readonly text: string;
  /** The interface that the command line is of, as it is written there; for ethtool alone, and where it can be told. */
  readonly device?: string;
  /** What the same command printed before in the same text, where no counter of it is above this one's. */
  readonly earlier?: string;
  /** Its file, below the folder; several outputs may be in one. */
  readonly path?: string;
}

/** The saved outputs of a captured machine by whether something was read of them. Files of its own trees are not among them. */
export interface SavedFiles {
  /** Below the folder. */
  readonly used: readonly string[];
  readonly unused: readonly string[];
  /** Why outputs could not be judged, by the files that they are in; of other outputs such a file may have been of use. */
  readonly reasons: ReadonlyMap<string, string>;
  /** How many files were not looked into because the time was over. */
  readonly late?: number;
}

/** Bounds of one run of a program. */
export interface ToolLimits {
  /** Milliseconds until it is ended; 5,000 unless told. */
  readonly timeoutMs?: number;
  /** Bytes of output; 4 MiB unless told. More is an error of the kind nonsense. */
  readonly maxBytes?: number;
  /** What it is given on standard input; nothing unless told. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** A service of the machine that can be asked whether it answers. Sockets are paths as all others: "run/crio/crio.sock". */
export type ProbeTarget =
  /** HTTP on a loopback address, as a number: "http://127.0.0.1:10248/healthz". */
  | { readonly url: string }
  /** A socket on which something answers in gRPC, or in HTTP to a GET of the path. */
  | { readonly socket: string; readonly speaks: 'grpc' }
  | { readonly socket: string; readonly speaks: 'http'; readonly path: string };

/** What a service answered. */
export interface ProbeAnswer {
  /** HTTP's status; 0 for gRPC, whose server said something. */
  readonly status: number;
  readonly body: string;
}

/** Bounds of a probe: 2 s and 2 MiB unless told. */
export type ProbeLimits = ToolLimits;

/** A machine. Everything that is read is bounded in size and time; what cannot be read is told by an Unavailable. */
export interface Machine {
  /** Whether it is a running machine: a captured one does not change while it is looked at. */
  readonly live: boolean;
  /** Milliseconds since the epoch on the machine's clock; for a captured machine, when it was captured. */
  now(): number;
  /** The same in microseconds, as fine as the clock is. */
  nowUsec(): number;
  /**
   * A small file of /proc, /sys, /etc or /run as text, at most 4 MiB: only such as the kernel answers from memory. Undefined
   * where there is no such file, also where a device vanished or does not support the attribute.
   * @throws Unavailable denied or failed
   */
  text(path: string): string | undefined;
  /** Names in a folder, sorted; empty where there is no such folder. @throws Unavailable denied or failed */
  list(path: string): string[];
  /** What a symbolic link says, or undefined where there is no such link. */
  link(path: string): string | undefined;
  /** Whether there is such a file, folder or link. */
  has(path: string): boolean;
  /**
   * Reads files whose content a device or driver has to be asked for (hwmon, a NIC's speed), by one child process that is
   * given up after the limit: such a read can hang, and must not hang the agent. Paths that are not in the result could not be
   * read. Contents have their last line break taken off.
   * @throws Unavailable timeout, with the path that it hung at in the message
   */
  slowFiles(paths: readonly string[], limits?: ToolLimits): Promise<Map<string, string>>;
  /**
   * Runs one of the machine's own programs with an argument list. A captured machine gives the output that was saved of it.
   * An exit status that is not 0 is no error here: programs differ in what they mean by it.
   * @throws Unavailable missing-tool, timeout, nonsense (too much output), failed (could not be started) or not-captured
   */
  run(program: string, args: readonly string[], limits?: ToolLimits): Promise<ToolOutput>;
  /**
   * Asks a service of the machine, on loopback or on a socket. A captured machine gives what was saved as "GET URL".
   * @throws Unavailable absent (no such socket), denied, failed (nobody listens), timeout, nonsense or not-captured
   */
  probe(target: ProbeTarget, limits?: ProbeLimits): Promise<ProbeAnswer>;
  /**
   * Opens the kernel's log of this boot at its oldest message; the caller closes it. A captured machine may have it in more
   * than one file, which then hold the same messages, or some of them, and perhaps those of earlier boots.
   * @throws Unavailable absent, denied, failed or not-captured
   */
  kernelLogs(): KernelLog[];
  /**
   * All outputs of a program that a captured machine has, whatever its arguments were, for who does not know yet what the
   * machine consists of: people save `ethtool` of an interface and nothing that lists interfaces.
   */
  saved?(program: string): SavedOutput[];
  /** Which of a captured machine's saved outputs were of use so far. */
  savedFiles?(): SavedFiles;
  /** Says until when files of a captured machine may be looked into: milliseconds of performance.now(). */
  readUntil?(until: number): void;
  /** Says that an output that `saved` gave was of no use. @param why for whoever reads which files were used */
  notUsed?(output: SavedOutput, why: string): void;
  /** Says what could not be judged of an output that else was of use. */
  notAllUsed?(output: SavedOutput, why: string): void;
  /**
   * Commands of a captured machine that printed nothing but an error, which no reader is given.
   * @param understood whether an error tells of a trouble that is told: the others are named as not judged
   */
  failedCommands?(understood: (one: FailedCommand) => boolean): readonly FailedCommand[];
  /** What systeminformation tells of the machine; there on the machine that this runs on alone. Slow: see static-inventory.ts. */
  inventory?(): Promise<StaticInventory>;
}

/** The first line of a file without the white space around it; undefined where there is no file. @throws Unavailable */
export function line(machine: Machine, path: string): string | undefined {
  return machine.text(path)?.split('\n', 1)[0]?.trim();
}

/** A file that holds one number, decimal or 0x; undefined where there is no file or no number in it. @throws Unavailable */
export function number(machine: Machine, path: string): number | undefined {
  const text = line(machine, path);
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The files that Machine.slowFiles was asked for, where no device has to answer, so that none of them can hang. Not in the
 * result where there is no such file. @throws Unavailable denied or failed
 */
export function textsOf(machine: Machine, paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const text = machine.text(path);
    if (text !== undefined) found.set(path, text.replace(/\n$/, ''));
  }
  return found;
}
