/**
 * The kernel's own state of the clock, which adjtimex(2) tells. Node has no such call. Where `adjtimex` or `ntptime` is
 * installed it is asked (1 ms of processor time). Else a short process of the agent's own runtime calls libc by node:ffi
 * (26 ms, measured): a process of its own because node:ffi is experimental, and a wrong pointer would end the agent.
 */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** The kernel's state of the clock. */
export interface KernelClock {
  /** Whether the kernel has been told that the clock is set. chronyd without rtcsync never tells it. */
  readonly synchronised: boolean;
  /** "PLL", "INS", "NANO" …: the bits of the status (linux/timex.h). */
  readonly flags: readonly string[];
  /** What is left to be slewed, in seconds. */
  readonly offset: number;
  /** The correction of the frequency, in ppm: positive makes the clock faster. */
  readonly frequency: number;
  /** Bound of the error as the kernel reckons it, in seconds: 16 is "not known". It grows by 0.5 ms a second. */
  readonly maxError: number;
  readonly estimatedError: number;
  /** Largest correction of the frequency, in ppm. */
  readonly tolerance: number | undefined;
  /** Length of a tick in µs: 10,000 unless something adjusts the clock by much. */
  readonly tick: number | undefined;
  /** TAI - UTC in seconds; 0 where nobody has told the kernel. */
  readonly tai: number | undefined;
}

const FLAGS = [
  ...['PLL', 'PPSFREQ', 'PPSTIME', 'FLL', 'INS', 'DEL', 'UNSYNC', 'FREQHOLD'],
  ...['PPSSIGNAL', 'PPSJITTER', 'PPSWANDER', 'PPSERROR', 'CLOCKERR', 'NANO', 'MODE', 'CLK'],
] as const;
const UNSYNC = 0x40;
const NANO = 0x2000;
/** Units of the kernel's frequencies: ppm with 16 bits of fraction. */
const PPM = 65_536;

/**
 * Calls adjtimex with nothing to change, and prints struct timex of a 64-bit machine as the program `adjtimex --print` does.
 */
const PROGRAM = `
const { dlopen } = require('node:ffi');
const { endianness } = require('node:os');
const timex = Buffer.alloc(512);
const { functions } = dlopen(null, { adjtimex: { arguments: ['buffer'], return: 'i32' } });
const state = functions.adjtimex(timex);
if (state < 0) throw new Error('adjtimex(2) is refused');
const little = endianness() === 'LE';
const long = (at) => little ? timex.readBigInt64LE(at) : timex.readBigInt64BE(at);
const int = (at) => little ? timex.readInt32LE(at) : timex.readInt32BE(at);
const values = { offset: long(8), frequency: long(16), maxerror: long(24), esterror: long(32), status: int(40),
  time_constant: long(48), precision: long(56), tolerance: long(64), tick: long(88), tai: int(160), 'return value': state };
for (const [name, value] of Object.entries(values)) process.stdout.write(name + ': ' + value + '\\n');
`;

const LIMITS = { timeoutMs: 4_000, maxBytes: 65_536 };

/** The kernel's state of the clock. */
export const kernelClock = fact({
  id: 'clock.kernel',
  reads: ['adjtimex(2), by adjtimex --print, ntptime, or the agent’s own runtime'],
  limitMs: 5_000,
  waits: true,
  read: async ({ machine, signal }): Promise<KernelClock> => {
    const ways = inOrder(machine);
    let why: Unavailable | undefined;
    for (const { program, args, parse, saved = false, own = false } of ways) {
      if (machine.live ? saved : own) continue;
      try {
        const { stdout, stderr } = await machine.run(program, args, { ...LIMITS, signal });
        if (stdout.trim() !== '') return parse(stdout);
        if (/is refused|not permitted/.test(stderr))
          throw new Unavailable('denied', 'adjtimex(2) is refused: the agent’s sandbox forbids it');
        throw new Unavailable('failed', `adjtimex(2) could not be asked: ${stderr.slice(-200)}`);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        // What went wrong says more than what is not there.
        const telling = error.kind !== 'missing-tool' && error.kind !== 'not-captured';
        if (telling || why === undefined) why = error;
        if (error.kind === 'timeout') break;
      }
    }
    throw why?.kind === 'missing-tool'
      ? new Unavailable('missing-tool', 'there is no adjtimex and no ntptime that could be asked', why)
      : (why ?? new Unavailable('failed', 'adjtimex(2) could not be asked'));
  },
});

interface Way {
  readonly program: string;
  readonly args: readonly string[];
  readonly parse: (text: string) => KernelClock;
  /** Only as a saved output. */
  readonly saved?: boolean;
  /** Only on a machine that runs. */
  readonly own?: boolean;
}

const WAYS: readonly Way[] = [
  { program: 'adjtimex', args: ['--print'], parse: parseAdjtimex },
  { program: 'adjtimex', args: ['-p'], parse: parseAdjtimex, saved: true },
  { program: 'ntptime', args: [], parse: parseNtptime },
];
const OWN: Way = {
  program: process.execPath,
  args: ['--no-warnings', '-e', PROGRAM],
  parse: parseAdjtimex,
  own: true,
};
const FOLDERS = ['usr/sbin', 'usr/bin', 'sbin', 'bin'];

/**
 * The ways to ask, those first of which the programs are seen. Trying one that is not there costs next to nothing, but the one behind
 * it begins when all else that is read of the machine has been: then everything waits for the slowest program of all.
 */
function inOrder(machine: Machine): readonly Way[] {
  const seen = WAYS.filter(({ program }) => FOLDERS.some((folder) => machine.has(`${folder}/${program}`)));
  return [...seen, OWN, ...WAYS.filter((way) => !seen.includes(way))];
}

function flagsOf(status: number): string[] {
  return FLAGS.filter((_, bit) => (status & (1 << bit)) !== 0);
}

/** Parses `adjtimex --print`, whose numbers are the kernel's own; that of busybox has other words around them. @throws Unavailable */
function parseAdjtimex(text: string): KernelClock {
  const values = new Map<string, number>();
  for (const line of text.split('\n').slice(0, 100)) {
    const match = /^\s*(?:-[a-z]\s+)?([a-z._ ]{1,30}?)\s*[:=]\s*(-?\d{1,20})\b/i.exec(line);
    if (match?.[1] !== undefined) values.set(match[1].toLowerCase(), Number(match[2]));
  }
  const needed = (...names: string[]) => {
    const value = names.map((name) => values.get(name)).find((one) => one !== undefined);
    if (value === undefined) throw new Unavailable('nonsense', `adjtimex does not tell its ${names[0]}`);
    return value;
  };
  // Where the call is refused (a sandbox without it), the numbers are those of nothing.
  if ((values.get('return value') ?? 0) < 0)
    throw new Unavailable('denied', 'adjtimex(2) is refused: the agent’s sandbox forbids it');
  const status = needed('status');
  const tolerance = values.get('tolerance');
  return {
    synchronised: (status & UNSYNC) === 0,
    flags: flagsOf(status),
    offset: needed('offset') / ((status & NANO) === 0 ? 1e6 : 1e9),
    frequency: needed('frequency', 'freq.adjust') / PPM,
    maxError: needed('maxerror') / 1e6,
    estimatedError: needed('esterror') / 1e6,
    tolerance: tolerance === undefined ? undefined : tolerance / PPM,
    tick: values.get('tick'),
    tai: values.get('tai'),
  };
}

/** Parses `ntptime`, which has units. @throws Unavailable nonsense */
function parseNtptime(text: string): KernelClock {
  // What ntp_adjtime() returned comes last and has all of it.
  const part = text.slice(Math.max(0, text.indexOf('ntp_adjtime()')), 8_192);
  const find = (pattern: RegExp) => pattern.exec(part)?.[1];
  const number = (name: string, pattern: RegExp) => {
    const value = Number(find(pattern) ?? Number.NaN);
    if (!Number.isFinite(value)) throw new Unavailable('nonsense', `ntptime does not tell its ${name}`);
    return value;
  };
  const status = number('status', /status (0x[0-9a-f]{1,8})/i);
  const tai = /TAI offset (-?\d{1,4})/.exec(text)?.[1];
  const tolerance = find(/tolerance (\d{1,6}) ppm/);
  return {
    synchronised: (status & UNSYNC) === 0,
    flags: flagsOf(status),
    offset: number('offset', /offset (-?[\d.]{1,20}) us/) / 1e6,
    frequency: number('frequency', /frequency (-?[\d.]{1,20}) ppm/),
    maxError: number('maximum error', /maximum error (\d{1,20}) us/) / 1e6,
    estimatedError: number('estimated error', /estimated error (\d{1,20}) us/) / 1e6,
    tolerance: tolerance === undefined ? undefined : Number(tolerance),
    tick: undefined,
    tai: tai === undefined ? undefined : Number(tai),
  };
}
