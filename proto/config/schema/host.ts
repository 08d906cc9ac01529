/** Sections about the machine itself: time, kernel, storage. */

import * as z from 'zod';
import { absolutePath, fileText, host, oneLine } from './common.ts';

const timeSource = z.strictObject({
  address: host,
  iburst: z.boolean().optional().describe('default true'),
  minPoll: z.int().min(-7).max(24).optional().describe('log2 of seconds'),
  maxPoll: z.int().min(-7).max(24).optional().describe('log2 of seconds'),
  prefer: z.boolean().optional(),
  nts: z.boolean().optional(),
});

/** Section "time": chrony, and the time zone. */
export const time = z.strictObject({
  servers: z.array(timeSource).max(16).optional(),
  pools: z.array(timeSource).max(8).optional(),
  makeStep: z
    .strictObject({ thresholdSeconds: z.number().positive().max(86_400), limit: z.int().min(-1).max(1_000) })
    .optional()
    .describe(
      'steps the clock when it is off by more than the threshold, in the first so many updates; -1: always',
    ),
  rtcSync: z.boolean().optional().describe('the kernel keeps the hardware clock right; default true'),
  timezone: z
    .string()
    .regex(/^(?:UTC|[A-Z][A-Za-z0-9_+-]{0,32}(?:\/[A-Z][A-Za-z0-9_+-]{0,32}){1,2})$/, {
      error: 'write a name of the time zone database, for example Europe/Berlin',
    })
    .optional(),
});

const moduleName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'write a name of a module' });

/** Section "kernel": modules, sysctls, and the command line of the next boot. */
export const kernel = z.strictObject({
  modules: z
    .record(
      moduleName,
      z.strictObject({
        load: z.boolean().optional().describe('at boot and now; default true unless it is blocked'),
        options: oneLine.optional(),
        blocked: z.boolean().optional().describe('never loaded'),
      }),
    )
    .optional(),
  sysctls: z
    .record(
      z.string().regex(/^[a-z0-9_]+(?:[./][A-Za-z0-9_:*@-]+){1,8}$/, {
        error: 'write a name such as net.core.somaxconn',
      }),
      z.union([oneLine, z.number()]).transform(String),
    )
    .optional(),
  commandLine: z
    .array(
      z
        .string()
        .max(512)
        .regex(/^[A-Za-z0-9_.-]+(?:=[^\s\0"'`$\\]*)?$/, {
          error: 'write one parameter, as in quiet or mitigations=auto',
        }),
    )
    .max(64)
    .optional()
    .describe('parameters that are added to those of the image; they take effect with the next boot'),
});

/** Section "storage": mounts. */
export const storage = z.strictObject({
  mounts: z
    .record(
      absolutePath,
      z.strictObject({
        source: z
          .string()
          .max(1_024)
          .regex(/^[^\s\0]+$/)
          .describe('a device, UUID=…, LABEL=…, or HOST:/PATH'),
        type: z
          .string()
          .regex(/^[a-z0-9._-]{1,32}$/)
          .describe('ext4, xfs, nfs, tmpfs …'),
        options: z
          .array(
            z
              .string()
              .max(256)
              .regex(/^[^\s,\0]+$/),
          )
          .max(64)
          .optional(),
        required: z.boolean().optional().describe('whether the boot fails without it; default false'),
      }),
    )
    .optional(),
});

/** Section "hostname" of file contents, as hostname(7) allows it. */
export const hostname = z
  .string()
  .regex(/^(?=.{1,64}$)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/, {
    error: 'write a host name in lower case',
  });

/** The text of a unit or drop-in. */
export const unitText = fileText.regex(/^\s*(?:[#;].*\n\s*)*\[[A-Za-z-]+\]/, {
  error: 'a unit begins with a section such as [Service]',
});
