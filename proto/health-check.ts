/**
 * Health checks as a node's config document and an image's manifest declare them: what must hold after a change or a boot for it
 * to be a good one. There is none that runs a command: a check is looked at by the agent's own code, within limits of its own.
 */

import * as z from 'zod';
import { hostAndPort, unitName } from './config/schema/common.ts';

/** More checks than this tell nothing more, and each costs a connection every few seconds. */
const MOST_CHECKS = 64;

const KINDS = ['unit', 'tcp', 'http', 'kubelet', 'etcd'] as const;

/** One check: exactly one of its kinds. */
const healthCheck = z
  .strictObject({
    unit: unitName.optional().describe('is active'),
    tcp: hostAndPort.optional().describe('takes connections'),
    http: z
      .url({ protocol: /^https?$/ })
      .max(1_024)
      .optional()
      .describe('answers with a status below 400'),
    kubelet: z.literal(true).optional().describe('the kubelet of the node says on loopback that it is well'),
    etcd: z.literal(true).optional().describe('the etcd member of the node says on loopback that it is well'),
    timeoutSeconds: z
      .number()
      .positive()
      .max(86_400)
      .optional()
      .describe('after a change of the config; after a boot the deadline of the upgrade counts'),
  })
  .refine((check) => KINDS.filter((kind) => check[kind] !== undefined).length === 1, {
    error: `write exactly one of ${KINDS.slice(0, -1).join(', ')} and ${KINDS.at(-1)}`,
  });

/** Checks by their names, at most 64. */
export const healthChecks = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/), healthCheck)
  .refine((all) => Object.keys(all).length <= MOST_CHECKS, {
    error: `there are at most ${MOST_CHECKS} health checks`,
  });

/** A check. */
export type HealthCheck = z.output<typeof healthCheck>;

/** Checks by their names. */
export type HealthChecks = z.output<typeof healthChecks>;
