/** The commands that make images and keys, declared. */

import type { CommandSpec, OptionSpec } from '../declaration.ts';
import { PROGRESS_OPTION, REGISTRY_OPTIONS } from './registry-options.ts';

/** Where the passphrase of a sealed key comes from. */
export const PASSPHRASE: OptionSpec = {
  flags: '--passphrase-file <file>',
  description: 'read the passphrase of sealed keys from the first line of a file',
  complete: 'file',
};

/** A key that signs. */
export const KEY: OptionSpec = {
  flags: '--key <file>',
  description: 'sign with this Ed25519 key in PEM',
  repeatable: true,
  complete: 'file',
};

/** The declaration of `nodectl image keygen`. */
export const KEYGEN: CommandSpec = {
  name: 'keygen',
  summary: 'Make a pair of keys to sign images with',
  description:
    'Writes NAME.key, which signs and is a secret, and NAME.pub.pem, which nodes and verifiers trust: put it into the folder that the ' +
    'agent’s setting upgrades.keys names. OpenSSL makes such a pair too: openssl genpkey -algorithm ed25519.',
  group: 'Upgrades',
  arguments: [
    { name: 'name', description: 'where they are written, and what they are called', required: true },
  ],
  options: [
    PASSPHRASE,
    {
      flags: '--plain-keys',
      description: 'keep the key unsealed, in a file with mode 0600 (labs, automation)',
    },
  ],
  examples: [{ command: 'nodectl image keygen release', about: 'release.key and release.pub.pem' }],
  load: () => import('./run-keygen.ts'),
};

/** The declaration of `nodectl image build`. */
export const BUILD: CommandSpec = {
  name: 'build',
  summary: 'Make a signed image of a root file system, a kernel and an initrd',
  description: [
    'Packs raw files into one archive, an OCI image layout, and signs what it holds. The same inputs and keys give the same bytes. The root ' +
      'is an ext4 image without a journal, which is mounted read-only; a compressed file system would make every delta large.',
    'The kernel’s release, the drivers of network cards and the firmware that they ask for are read out of an ext4 root, so that a node can ' +
      'refuse a kernel that its hardware has trouble with. What cannot be read is said, and given by options.',
    'With --delta-from the archive carries a delta that any node which runs that image can take, without the old image being at hand.',
  ].join('\n\n'),
  group: 'Upgrades',
  options: [
    {
      flags: '--root <file>',
      description: 'the root file system, as it is written to a slot',
      complete: 'file',
    },
    { flags: '--kernel <file>', description: 'the kernel', complete: 'file' },
    {
      flags: '--initrd <file>',
      description: 'the initial RAM disk, where the kernel needs one',
      complete: 'file',
    },
    { flags: '-o, --output <file>', description: 'the archive to write', complete: 'file' },
    { flags: '--force', description: 'replace the archive where there is one' },
    { flags: '--name <name>', description: 'what it is called (default: the root’s distribution)' },
    { flags: '--version <version>', description: 'for people: 2026.11.1' },
    {
      flags: '--serial <number>',
      description: 'rises with every release; nodes refuse one below what they confirmed',
      type: 'whole',
    },
    {
      flags: '--min-serial <number>',
      description: 'the lowest that may follow once this one is confirmed',
      type: 'whole',
      default: '0',
    },
    {
      flags: '--compatible <name>',
      description: 'machines that it is made for (default nodectl-x86-64 or nodectl-arm64, as the kernel is)',
      repeatable: true,
    },
    KEY,
    PASSPHRASE,
    {
      flags: '--delta-from <image>',
      description: 'add a delta from this image',
      repeatable: true,
      complete: 'file',
    },
    {
      flags: '--not-after <time>',
      description: 'nodes refuse it from then on: 2027-01-31T00:00:00Z, or 90d after it was made',
    },
    {
      flags: '--created <time>',
      description: 'when it was made (default $SOURCE_DATE_EPOCH, else the root file’s time)',
    },
    { flags: '--min-agent <version>', description: 'the oldest agent that can install it: 0.1.0' },
    { flags: '--cmdline <text>', description: 'the kernel’s command line, beside what the boot loader adds' },
    { flags: '--kernel-release <release>', description: 'as uname -r says it, where it cannot be read' },
    {
      flags: '--driver <name>',
      description: 'a network card’s driver that it carries, beside those found',
      repeatable: true,
    },
    {
      flags: '--firmware <driver=file>',
      description: 'a firmware file that it carries, beside those found',
      repeatable: true,
    },
    {
      flags: '--deadline <duration>',
      description: 'within which it must be confirmed after its first boot, 30s to 24h',
      type: 'duration',
    },
    {
      flags: '--check <check>',
      description: 'must hold after its boot: unit=NAME, tcp=[HOST:]PORT, http=URL, kubelet, etcd',
      repeatable: true,
    },
    ...REGISTRY_OPTIONS,
    PROGRESS_OPTION,
  ],
  examples: [
    {
      command:
        'nodectl image build --root root.img --kernel vmlinuz --version 5 --serial 5 --key k.key -o 5.oci.tar',
      about: 'for the machines that the kernel is for',
    },
  ],
  load: () => import('./run-build.ts'),
};

/** The declaration of `nodectl image sign`. */
export const SIGN: CommandSpec = {
  name: 'sign',
  summary: 'Add signatures to an image, as where two people have to sign',
  description:
    'Signatures that are there stay. A key that must not leave its device signs what --print-signed-bytes writes, as in "openssl pkeyutl ' +
    '-sign -rawin", and --signature takes what comes of it.',
  group: 'Upgrades',
  arguments: [
    {
      name: 'file',
      description: 'the archive; it is replaced in one step',
      required: true,
      complete: 'file',
    },
  ],
  options: [
    KEY,
    PASSPHRASE,
    {
      flags: '--signature <file>',
      description: 'a signature of 64 bytes that was made elsewhere',
      complete: 'file',
    },
    { flags: '--public-key <file>', description: 'the key that it is of, in PEM', complete: 'file' },
    { flags: '--print-signed-bytes', description: 'write the bytes to sign to stdout, and do nothing else' },
  ],
  examples: [{ command: 'nodectl image sign image.oci.tar --key second.key', about: 'the second of two' }],
  load: () => import('./run-sign.ts'),
};
