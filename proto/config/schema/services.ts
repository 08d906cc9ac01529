/** Sections about what runs on a node and who may use it: services, files, certificates, log shipping, users, SSH. */

import * as z from 'zod';
import {
  absolutePath,
  accountName,
  certificates,
  fileMode,
  fileName,
  fileText,
  hostAndPort,
  managedPath,
  managedUnit,
  oneLine,
  SEALED,
} from './common.ts';
import { unitText } from './host.ts';

/** Section "services": systemd units. */
export const services = z.record(
  managedUnit,
  z.strictObject({
    enabled: z.boolean().optional().describe('started at boot'),
    started: z.boolean().optional().describe('running now'),
    masked: z.boolean().optional().describe('cannot be started by anything'),
    unit: unitText.optional().describe('the whole unit file'),
    dropIns: z.record(fileName, unitText).optional().describe('files NAME.conf beside the unit'),
  }),
);

/** Section "files". */
export const files = z.record(
  managedPath,
  z
    .strictObject({
      content: fileText.optional(),
      contentBase64: z
        .base64()
        .max(4 << 20)
        .optional(),
      sealed: z.string().regex(SEALED, { error: 'write what nodectl config seal printed' }).optional(),
      mode: fileMode.optional().describe('default "0644"; "0600" where the content is sealed'),
      owner: accountName.optional().describe('default root'),
      group: accountName.optional().describe('default root'),
      absent: z.literal(true).optional().describe('the file must not be there'),
      restarts: z.array(managedUnit).max(16).optional().describe('units that are restarted when it changes'),
    })
    .refine(
      ({ content, contentBase64, sealed, absent }) =>
        [content, contentBase64, sealed, absent].filter((one) => one !== undefined).length === 1,
      { error: 'write exactly one of content, contentBase64, sealed and absent' },
    ),
);

/** Section "certificates": authorities that the node's programs trust beside those of its distribution. */
export const trustedCertificates = z.strictObject({ trusted: z.record(fileName, certificates) });

/** Section "logs": where records are shipped to. */
export const logs = z.strictObject({
  shipping: z
    .record(
      fileName,
      z.strictObject({
        to: hostAndPort,
        protocol: z.enum(['syslog', 'json']).describe('syslog over TLS (RFC 5425), or JSON lines over TLS'),
        sources: z
          .array(z.string().max(256))
          .min(1)
          .max(64)
          .optional()
          .describe('as nodectl logs names them; default journal and kernel'),
        trust: certificates
          .optional()
          .describe('authorities of the receiver; default those that the node trusts'),
        serverName: z
          .string()
          .max(253)
          .optional()
          .describe('the name in the receiver’s certificate; default the host'),
      }),
    )
    .optional(),
});

/** Section "users". */
export const users = z.record(
  accountName,
  z.strictObject({
    uid: z.int().min(1_000).max(59_999).optional(),
    groups: z.array(accountName).max(32).optional(),
    shell: absolutePath.optional().describe('default /usr/sbin/nologin'),
    home: absolutePath.optional(),
    sshKeys: z
      .array(
        oneLine.regex(/^(?:ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/=]+(?: .*)?$/, {
          error: 'write a public key as in authorized_keys',
        }),
      )
      .max(32)
      .optional(),
    password: z
      .string()
      .regex(SEALED)
      .optional()
      .describe('a sealed hash as in shadow(5); without it nobody can log in with a password'),
    absent: z.literal(true).optional(),
  }),
);

/** Section "ssh": there is none unless the document says otherwise. */
export const ssh = z.strictObject({ enabled: z.boolean().describe('default false: sshd is masked') });
