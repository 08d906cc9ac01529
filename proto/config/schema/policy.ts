/** Sections about how nodectl itself treats the node: upgrades, health, drift, diagnostics. */

import * as z from 'zod';
import { healthChecks } from '../../health-check.ts';

/** Section "health": what must hold after a boot or a change for it to be a good one. */
export const health = healthChecks;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** Section "upgrades". */
export const upgrades = z.strictObject({
  confirm: z
    .enum(['automatic', 'manual', 'quorum'])
    .optional()
    .describe('who says that an upgrade is good; default automatic'),
  deadlineSeconds: z
    .int()
    .min(30)
    .max(86_400)
    .optional()
    .describe('from the boot of a new image until it must be confirmed; default 600'),
  allow: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~:-]{0,127}$/))
    .min(1)
    .max(32)
    .optional()
    .describe('names of images that the node takes; default all that it trusts'),
  windows: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
          .min(1)
          .max(7)
          .optional()
          .describe('default every day'),
        from: timeOfDay.describe('HH:MM in UTC'),
        to: timeOfDay.describe('HH:MM in UTC; before "from" it is of the next day'),
      }),
    )
    .min(1)
    .max(16)
    .optional()
    .describe('when the node restarts for an upgrade by itself; default at any time'),
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
  thresholds: z
    .record(z.string().max(128), z.record(z.string().max(64), z.number().nonnegative()))
    .optional(),
});
