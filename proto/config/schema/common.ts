/** Values that several sections of the config document use. Patterns stand in the JSON Schema too, so that editors know them. */

import * as z from 'zod';

/** A path from the root, without "." and ".." and doubled slashes: what it names is what it says. */
export const absolutePath = z
  .string()
  .max(4_096)
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\x00-\x1f\x7f]+)+$/, {
    error: 'write an absolute path without ".", ".." and control characters and without a slash at its end',
  });

/** A path at which a file can stand that a document decides on: the kernel's own file systems have none. */
export const managedPath = absolutePath.regex(/^(?!\/(?:proc|sys|dev)(?:\/|$))/, {
  error: 'files of the kernel are none that could be managed; kernel.sysctls sets values of /proc/sys',
});

/** A file name, as in a folder of drop-ins. */
export const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,200}$/, { error: 'write a plain file name' });

/** A name of a network interface, as the kernel takes it (dev_valid_name of net/core/dev.c), of usual characters. */
export const interfaceName = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,15}$/, {
  error: 'a name of an interface has 1 to 15 letters, digits, ".", "_" and "-"',
});

/** An IPv4 or IPv6 address. */
export const ipAddress = z.union([z.ipv4(), z.ipv6()], { error: 'write an IPv4 or IPv6 address' });

/** An address with its prefix length: "192.0.2.7/24". */
export const addressWithPrefix = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'write an address with its prefix length, for example 192.0.2.7/24',
});

/** A host name or an address. */
export const host = z.union(
  [
    ipAddress,
    z.string().regex(/^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/),
  ],
  {
    error: 'write a host name or an address',
  },
);

/** "HOST:PORT". */
export const hostAndPort = z.string().regex(/^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]{1,253}):[0-9]{1,5}$/, {
  error: 'write HOST:PORT',
});

/** A domain to search names in. */
export const domain = z
  .string()
  .regex(/^~?(?=.{1,253}$)(?:[A-Za-z0-9_-]{1,63}\.?)*$/, { error: 'write a domain' });

/** A file's mode as chmod takes it: "0644". */
export const fileMode = z
  .string()
  .regex(/^[0-7]{3,4}$/, { error: 'write an octal mode in quotes, for example "0644"' });

/** The name of a user or a group, as useradd(8) takes it. */
export const accountName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, {
  error: 'write a name of lower-case letters, digits, "_" and "-"',
});

/** A systemd unit that can be enabled or started, with its suffix. */
export const unitName = z
  .string()
  .regex(
    /^[A-Za-z0-9:_.\\-]{1,200}(?:@[A-Za-z0-9:_.\\-]{0,100})?\.(?:service|socket|timer|mount|path|target|slice|swap|automount)$/,
    {
      error: 'write a unit with its suffix, for example chrony.service',
    },
  );

/** A unit that a document may change: an apply that stopped the agent would never end. */
export const managedUnit = unitName.regex(/^(?!nodectl-agent\.)/, {
  error:
    'the agent’s own unit comes with its package; a file in /etc/systemd/system/nodectl-agent.service.d can add to it',
});

/** Text of a file: at most a mebibyte, no NUL. */
export const fileText = z
  .string()
  .max(1 << 20)
  .refine((text) => !text.includes('\0'), { error: 'holds a NUL' });

/** A single line that goes into a file of settings: it must not become two. */
export const oneLine = z
  .string()
  .max(4_096)
  .regex(/^[^\0\n\r]*$/, { error: 'must be a single line' });

/** A value that is sealed for the nodes that may open it: what `nodectl config seal` writes. */
export const SEALED = /^sealed:v1:[0-9a-f]{16}:[A-Za-z0-9_-]{38,}$/;

/** A PEM certificate or several. */
export const certificates = z
  .string()
  .max(256 << 10)
  .regex(/^\s*-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----\s*$/, {
    error: 'write certificates in PEM',
  });
