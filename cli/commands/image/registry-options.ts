/** Options of every command that speaks to a registry. */

import type { OptionSpec } from '../declaration.ts';

/** How a registry is reached and logged in to. */
export const REGISTRY_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--mirror <host>',
    description: 'ask this mirror first: HOST[:PORT][/PREFIX]',
    repeatable: true,
  },
  {
    flags: '--registry-ca <file>',
    description: 'an authority to trust beside the public ones, in PEM',
    complete: 'file',
  },
  {
    flags: '--registry-auth <file>',
    description:
      'credentials, as docker login writes them (default: where docker, podman and skopeo keep them)',
    env: 'NODECTL_REGISTRY_AUTH',
    complete: 'file',
  },
  {
    flags: '--registries <file>',
    description: 'mirrors and authorities of registries (default: registries.yaml beside the contexts file)',
    env: 'NODECTL_REGISTRIES',
    complete: 'file',
  },
  {
    flags: '--plain-http',
    description: 'speak http without TLS; everything on the way can read and change it',
  },
];

/** How progress is told. */
export const PROGRESS_OPTION: OptionSpec = {
  flags: '--progress <how>',
  description: 'progress on stderr; auto is a bar on a terminal, and JSON lines elsewhere',
  choices: ['auto', 'bar', 'json', 'none'],
};
