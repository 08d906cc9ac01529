/** Sections about how nodectl itself treats the node: upgrades, health, drift, diagnostics. */

import * as z from 'zod';
import { healthChecks } from '../../health-check.ts';

const seconds = z.number().positive().max(86_400);

/** Section "health": what must hold after a boot or a change for it to be a good one. */
export const health = healthChecks;

/** Section "upgrades". */
export const upgrades = z.strictObject({
  confirm: z
    .enum(['automatic', 'manual'])
    .optional()
    .describe('who says that an upgrade is good; default automatic'),
  deadlineSeconds: seconds.optional().describe('how long the health checks may take to pass after a boot'),
});

/** Section "drift": what is done when the node no longer is what its document says. */
export const drift = z.strictObject({
  policy: z.enum(['report', 'correct']).describe('default report'),
  everySeconds: z
    .int()
    .min(10)
    .max(86_400)
    .optional()
    .describe('how often all is compared beside what is watched; default 300'),
});

/** Section "diagnostics". */
export const diagnostics = z.strictObject({
  thresholds: z.record(z.string().max(128), z.record(z.string().max(64), z.number())).optional(),
});
