/**
 * What drivers of network cards tell of their own health over `devlink health`: firmware that crashed, queues that hung, and whether the
 * driver got over it. As text and with -j.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';
import { isObject } from './ethtool/text.ts';

/** One of a device's reporters. */
export interface HealthReporter {
  /** "pci/0000:82:00.0", with the port's number behind it where the reporter is of a port. */
  readonly device: string;
  /** "fw", "fw_fatal", "tx". */
  readonly name: string;
  /** "healthy" or "error". */
  readonly state: string;
  readonly errors: number;
  readonly recovered: number;
}

const LIMITS = { timeoutMs: 3_000, maxBytes: 1 << 20 };
const MAX_LINES = 20_000;

function fromText(text: string): HealthReporter[] {
  const found: HealthReporter[] = [];
  let device = '';
  let name = '';
  for (const raw of text.split('\n', MAX_LINES)) {
    const line = raw.slice(0, 500);
    const heading = /^\s*([\w-]{1,30}\/[\w:.-]{1,60}(?:\/\d{1,10})?):\s*$/.exec(line)?.[1];
    if (heading !== undefined) device = heading;
    name = /^\s*(?:reporter|name)\s+(\S{1,60})/.exec(line)?.[1] ?? name;
    const match = /^\s*state (\w{1,20}) error (\d{1,15}) recover (\d{1,15})\b/.exec(line);
    if (match && device !== '' && name !== '')
      found.push({
        ...{ device, name, state: match[1] ?? '' },
        ...{ errors: Number(match[2]), recovered: Number(match[3]) },
      });
  }
  return found;
}

function fromJson(text: string): HealthReporter[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return [];
  }
  const devices = isObject(whole) && isObject(whole.health) ? Object.entries(whole.health) : [];
  return devices.flatMap(([device, reporters]) =>
    (Array.isArray(reporters) ? reporters : []).filter(isObject).flatMap((one): HealthReporter[] => {
      const { reporter: name, state } = one;
      if (typeof name !== 'string' || typeof state !== 'string') return [];
      return [{ device, name, state, errors: Number(one.error ?? 0), recovered: Number(one.recover ?? 0) }];
    }),
  );
}

/** Reporters of all devices. */
export const nicHealthReporters = fact({
  id: 'nic.devlink-health',
  reads: ['devlink -j health show'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal }): Promise<readonly HealthReporter[]> => {
    if (machine.live) {
      const { code, stdout, stderr } = await machine
        .run('devlink', ['-j', 'health', 'show'], { ...LIMITS, signal })
        .catch((error: unknown) => {
          throw unavailable(error).kind === 'missing-tool'
            ? new Unavailable('absent', 'devlink is not installed')
            : error;
        });
      // Of before iproute2 5.0, or of a kernel without it.
      if (/not found|not supported|failed to connect to devlink/i.test(stderr))
        throw new Unavailable('absent', 'devlink tells of no health');
      if (code !== 0)
        throw new Unavailable('failed', `devlink ended with status ${code}: ${stderr.slice(0, 200)}`);
      return fromJson(stdout);
    }
    const texts = new Set((machine.saved?.('devlink') ?? []).map(({ text }) => text));
    const found = [...texts].flatMap((text) => (/^\s*\{/.test(text) ? fromJson(text) : fromText(text)));
    // An output below its command line is there without it too.
    if (found.length > 0)
      return [...new Map(found.map((one) => [`${one.device} ${one.name}`, one])).values()];
    throw new Unavailable('not-captured', 'the output of devlink health is not in the captured folder');
  },
});
