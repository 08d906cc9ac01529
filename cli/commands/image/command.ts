/** `nodectl image`: what it is called, takes and prints. */

import type { CommandSpec } from '../declaration.ts';
import { DIFF, INSPECT, VERIFY } from './look.ts';
import { BUILD, KEYGEN, SIGN } from './make.ts';
import { PROGRESS_OPTION, REGISTRY_OPTIONS } from './registry-options.ts';

const REFERENCE = {
  name: 'reference',
  description: 'oci://HOST[:PORT]/REPOSITORY:TAG or @sha256:DIGEST',
  required: true,
} as const;

/** The declaration of `nodectl image`. */
export const IMAGE: CommandSpec = {
  name: 'image',
  summary: 'Make, sign, verify and compare images of operating systems, and carry them about',
  group: 'Upgrades',
  subcommands: [
    BUILD,
    INSPECT,
    VERIFY,
    DIFF,
    SIGN,
    KEYGEN,
    {
      name: 'push',
      summary: 'Send an image to a registry',
      description: [
        'Sends what the registry does not have yet, and names the image in the end; doing it again does nothing. A connection that ' +
          'breaks goes on where it broke off, as far as the registry can. The reference with the digest of what stands there ' +
          'now is printed on stdout.',
        'The image is an OCI image layout: a tar archive or a folder, as "image build", "image pull" and "skopeo copy" make them.',
      ].join('\n\n'),
      group: 'Upgrades',
      arguments: [
        { name: 'file', description: 'the archive or folder', required: true, complete: 'file' },
        REFERENCE,
      ],
      options: [
        {
          flags: '--name <name>',
          description: 'which image, by tag or digest, where the folder holds several',
        },
        {
          flags: '--mount-from <repository>',
          description: 'a repository of the same registry that may have the blobs',
        },
        ...REGISTRY_OPTIONS.filter(({ flags }) => !flags.startsWith('--mirror')),
        PROGRESS_OPTION,
      ],
      examples: [
        {
          command: 'nodectl image push image.oci.tar oci://registry.example/os/debian:2026.11.1',
          about: 'send it under a tag',
        },
      ],
      load: () => import('./run-push.ts'),
    },
    {
      name: 'pull',
      summary: 'Fetch an image from a registry',
      description: [
        'Fetches an image into an archive, which must not be there, or into a folder, beside the images that it holds. Every byte ' +
          'is held against its digest, so it does not matter which mirror sent it. The reference with the digest is printed on stdout.',
        'That says nothing of who made the image: its signatures do.',
      ].join('\n\n'),
      group: 'Upgrades',
      arguments: [REFERENCE],
      options: [
        {
          flags: '-o, --output <path>',
          description: 'an archive (its name ends in .tar) or a folder',
          complete: 'file',
        },
        { flags: '--force', description: 'replace the archive where there is one' },
        ...REGISTRY_OPTIONS,
        PROGRESS_OPTION,
      ],
      examples: [
        {
          command: 'nodectl image pull oci://registry.example/os/debian:2026.11.1 -o image.oci.tar',
          about: 'for a place without a network',
        },
      ],
      load: () => import('./run-pull.ts'),
    },
  ],
};
