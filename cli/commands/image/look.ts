/** The commands that look at images, declared. */

import type { CommandSpec, OptionSpec } from '../declaration.ts';
import { PROGRESS_OPTION, REGISTRY_OPTIONS } from './registry-options.ts';

const IMAGE_ARGUMENT = {
  name: 'image',
  description: 'a file, a folder, https://… or oci://…',
  required: true,
  complete: 'file',
} as const;

const KEYS: OptionSpec = {
  flags: '--keys <path>',
  description: 'public keys to trust: a PEM file or a folder of such',
  repeatable: true,
  complete: 'file',
};

/** The declaration of `nodectl image inspect`. */
export const INSPECT: CommandSpec = {
  name: 'inspect',
  summary: 'Tell what an image is, who signed it, and what it carries',
  description:
    'Reads the signed manifest alone, a few kilobytes. Nothing is verified but, with --keys, the signatures.',
  group: 'Upgrades',
  arguments: [IMAGE_ARGUMENT],
  options: [KEYS, ...REGISTRY_OPTIONS],
  output: true,
  examples: [
    {
      command: 'nodectl image inspect image.oci.tar --keys release.pub.pem',
      about: 'and whether we trust it',
    },
  ],
  load: () => import('./run-inspect.ts'),
};

/** The declaration of `nodectl image verify`. */
export const VERIFY: CommandSpec = {
  name: 'verify',
  summary: 'Check all of an image: signatures, every digest, and that it unpacks to what it says',
  group: 'Upgrades',
  arguments: [IMAGE_ARGUMENT],
  options: [
    KEYS,
    {
      flags: '--threshold <number>',
      description: 'how many of the keys must have signed',
      type: 'whole',
      default: '1',
    },
    ...REGISTRY_OPTIONS,
    PROGRESS_OPTION,
  ],
  examples: [
    {
      command: 'nodectl image verify image.oci.tar --keys release.pub.pem',
      about: 'before it is rolled out',
    },
  ],
  load: () => import('./run-verify.ts'),
};

/** The declaration of `nodectl image diff`. */
export const DIFF: CommandSpec = {
  name: 'diff',
  summary: 'Tell what an upgrade from one image to another changes, and what it sends',
  description:
    'Counts the bytes of each way to send the new image: as a delta where the old one is at hand, as the delta that it carries, by comparing ' +
    'indexes with the node, and all of it. Packages are compared where both roots are ext4 and have those of dpkg.',
  group: 'Upgrades',
  arguments: [
    {
      name: 'old',
      description: 'what nodes run: a file, a folder, https://… or oci://…',
      required: true,
      complete: 'file',
    },
    { name: 'new', description: 'what they will run', required: true, complete: 'file' },
  ],
  options: [...REGISTRY_OPTIONS, PROGRESS_OPTION],
  output: true,
  examples: [{ command: 'nodectl image diff image.oci.tar next.oci.tar', about: 'before a rollout' }],
  load: () => import('./run-diff.ts'),
};
