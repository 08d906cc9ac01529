/** Precision Time Protocol: clocks on network cards and of hypervisors, and how ptp4l is doing. */

import { line, type Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { timeDaemons } from './daemons.ts';
import { parsePtpLog } from './ptp-log.ts';

/** A PTP clock of the kernel. */
export interface PtpClock {
  /** "ptp0". */
  readonly name: string;
  /** What its driver calls it: "ixgbe-eno1-clk", "KVM virtual PTP", "hyperv". */
  readonly clockName: string;
  /** Interfaces whose packets it stamps. */
  readonly interfaces: readonly string[];
}

/** A port of ptp4l. */
export interface PtpPort {
  /** "001122.fffe.334455-1". */
  readonly identity: string;
  /** "SLAVE", "MASTER", "LISTENING", "UNCALIBRATED", "FAULTY" … */
  readonly state: string;
}

/** How ptp4l is doing. */
export interface Ptp4l {
  readonly ports: readonly PtpPort[];
  /** How far its clock is ahead of the master's, in seconds; undefined where there is no master. */
  readonly offset: number | undefined;
  /** Whether there is a grandmaster other than itself; undefined where it does not tell. */
  readonly grandmasterPresent: boolean | undefined;
  readonly grandmaster: string;
  readonly meanPathDelay: number | undefined;
  /** The program that tells the offset, by a log: phc2sys compares the system clock with the card's. */
  readonly offsetOf?: string;
  /** Programs that have not locked onto their clock, by a log; pmc does not tell. */
  readonly unlocked?: readonly string[];
  /** Programs whose clock swings around its master, and those that correct as much as they can: by a log as well. */
  readonly swings?: readonly PtpSwing[];
  readonly limits?: readonly PtpLimit[];
  /** How often ptp4l saw the clock jump, or lost its lock; how often it waited for the card's stamp in vain; by a log as well. */
  readonly jumps?: number;
  readonly stampsMissed?: number;
  /** Whether the last that phc2sys said is that it waits for ptp4l. */
  readonly waiting?: boolean;
}

/** How a clock swings around its master. Times are seconds. */
export interface PtpSwing {
  /** "phc2sys". */
  readonly program: string;
  /** The root of the mean square of its offsets, and the largest of them. */
  readonly rms: number;
  readonly most: number;
  readonly samples: number;
}

/** A correction that cannot become larger. */
export interface PtpLimit {
  readonly program: string;
  readonly ppm: number;
}

/** Precision Time Protocol on this machine. */
export interface Ptp {
  readonly clocks: readonly PtpClock[];
  /** Undefined where ptp4l does not run or could not be asked. */
  readonly ptp4l: Ptp4l | undefined;
}

const CLASS = 'sys/class/ptp';
const MAX_CLOCKS = 64;
const QUESTIONS = ['GET PORT_DATA_SET', 'GET CURRENT_DATA_SET', 'GET TIME_STATUS_NP'];

/** Precision Time Protocol on this machine. */
export const ptp = fact({
  id: 'clock.ptp',
  reads: [
    '/sys/class/ptp',
    `pmc -u -b 0 ${QUESTIONS.map((one) => `"${one}"`).join(' ')}`,
    'logs of ptp4l, phc2sys and ts2phc and phc_ctl, where they were saved',
  ],
  limitMs: 6_000,
  waits: true,
  read: async (reading): Promise<Ptp> => {
    const { machine, signal } = reading;
    const clocks = machine
      .list(CLASS)
      .filter((name) => /^ptp\d+$/.test(name))
      .slice(0, MAX_CLOCKS)
      .map((name) => clockOf(machine, name));
    const daemons = await reading.get(timeDaemons).catch(() => []);
    const ask = async () =>
      parsePmc((await machine.run('pmc', ['-u', '-b', '0', ...QUESTIONS], limits)).stdout);
    const limits = { signal, timeoutMs: 5_000 };
    const savedOf = (program: string) => (machine.saved?.(program) ?? []).map(({ text }) => text).join('\n');
    // A captured machine without its answers most likely has no ptp4l at all: that is no problem to tell. People ask it one by one.
    const ptp4l = machine.live
      ? daemons.some(({ name }) => name === 'ptp4l') && (await reading.part('pmc', ask))
      : parsePmc(savedOf('pmc')) ||
        parsePtpLog(['ptp4l', 'phc2sys', 'ts2phc', 'phc_ctl'].map(savedOf).join('\n'));
    return { clocks, ptp4l: ptp4l || undefined };
  },
});

function clockOf(machine: Machine, name: string): PtpClock {
  return {
    name,
    clockName: line(machine, `${CLASS}/${name}/clock_name`) ?? '',
    interfaces: machine.list(`${CLASS}/${name}/device/net`),
  };
}

/** The fields that are judged. */
const USED = ['master_offset', 'offsetFromMaster', 'gmPresent', 'gmIdentity', 'meanPathDelay'];

/** Parses the answers of `pmc`: "	portState              SLAVE" below "RESPONSE MANAGEMENT PORT_DATA_SET". */
function parsePmc(text: string): Ptp4l | undefined {
  const ports: PtpPort[] = [];
  const values = new Map<string, string>();
  let identity = '';
  for (const row of text.split('\n').slice(0, 2_000)) {
    const [key = '', value] = row.trim().split(/\s+/, 2);
    if (value === undefined) continue;
    if (key === 'portIdentity') identity = value;
    else if (key === 'portState') ports.push({ identity, state: value });
    else if (!values.has(key)) values.set(key, value);
  }
  if (ports.length === 0 && !USED.some((key) => values.has(key))) return undefined;
  const nanoseconds = (key: string) => {
    const value = Number(values.get(key) ?? Number.NaN);
    return Number.isFinite(value) ? value / 1e9 : undefined;
  };
  const present = values.get('gmPresent');
  return {
    ports,
    offset: nanoseconds('master_offset') ?? nanoseconds('offsetFromMaster'),
    grandmasterPresent: present === undefined ? undefined : present === 'true',
    grandmaster: values.get('gmIdentity') ?? '',
    meanPathDelay: nanoseconds('meanPathDelay'),
  };
}
