/**
 * What is true of a node, as far as an upgrade may break it: looked at before the reboot, kept as the baseline, and looked at again
 * after it. Each part is optional: what could not be read is left out and told, never taken for well.
 */

import * as z from 'zod';
import { Failure } from '../../../proto/failure.ts';

/** The version of a baseline's format: one of another version is not read, since the image before may have an older agent. */
const VERSION = 1;

/** Bounds of what is kept, far above what a node has: a baseline stands in the journal of the upgrade. */
export const MOST = { units: 512, links: 128, interfaces: 256, leftOut: 32, text: 300 } as const;

const text = z.string().max(MOST.text);

const link = z.strictObject({
  /** What stays the same when a kernel names interfaces otherwise: the device's address on its bus, else the name. */
  key: text,
  name: text,
  driver: text.optional(),
  carrier: z.boolean(),
  /** Mbit/s. */
  speedMbps: z.int().positive().optional(),
});

const observation = z.strictObject({
  /** Units that failed, by name. */
  failedUnits: z.array(text).max(MOST.units).optional(),
  /** Services that run, by name; not those that come and go with sessions and devices. */
  runningServices: z.array(text).max(MOST.units).optional(),
  /** Links of network devices and bonds that are switched on. */
  links: z.array(link).max(MOST.links).optional(),
  /** Families with a default route. */
  defaultRoutes: z.strictObject({ ipv4: z.array(text).max(64), ipv6: z.array(text).max(64) }).optional(),
  /** Interfaces with addresses beyond the link, "192.0.2.7/24"; `key` as of links. */
  addresses: z
    .array(
      z.strictObject({
        ...{ key: text, name: text, ipv4: z.array(text).max(32), ipv6: z.array(text).max(32) },
      }),
    )
    .max(MOST.interfaces)
    .optional(),
  /** Whether the clock follows a source: "synchronised", "local", "unsynchronised". */
  clock: z.enum(['synchronised', 'local', 'unsynchronised']).optional(),
  /** Empty where it is well; else what is wrong. Not there where the node has none. */
  kubelet: text.optional(),
  etcd: text.optional(),
  /** Bytes that can still be written below the agent's state folder. */
  stateBytes: z.number().min(0).optional(),
  /** What could not be read, and why. */
  leftOut: z.array(z.strictObject({ what: text, why: text })).max(MOST.leftOut),
});

const baseline = z.strictObject({
  v: z.literal(VERSION),
  /** When it was taken, in ms since the epoch on the node's clock, and how long it took in ms. */
  takenMs: z.number(),
  tookMs: z.number().min(0),
  node: observation,
});

/** What is true of a node. */
export type Observation = z.output<typeof observation>;
/** A link of a network device. */
export type Link = z.output<typeof link>;
/** What was true of a node before the reboot: plain JSON. */
export type NodeBaseline = z.output<typeof baseline>;

/** A baseline of an observation. */
export function baselineOf(node: Observation, takenMs: number, tookMs: number): NodeBaseline {
  return { v: VERSION, takenMs, tookMs, node };
}

/**
 * Reads a baseline back, strictly: what is not known is refused as what is not there.
 * @throws Failure UPGRADE_BASELINE where it is none, or of another version
 */
export function readBaseline(value: unknown): NodeBaseline {
  const { data, error } = baseline.safeParse(value);
  if (data) return data;
  const issue = error.issues[0];
  throw new Failure(
    'UPGRADE_BASELINE',
    `what was true before the reboot cannot be read: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not valid'}`,
    { hint: 'the declared health checks still count; look at the node before confirming it' },
  );
}
