/** `nodectl completion`: what it is called, takes and prints. */

import { SHELLS } from '../../completion/shells.ts';
import type { CommandSpec } from '../declaration.ts';

/** The declaration of `nodectl completion`. */
export const COMPLETION: CommandSpec = {
  name: 'completion',
  summary: 'Print the script that makes a shell complete nodectl',
  description:
    'Commands, options, names of nodes and contexts, and labels are completed; nodes and labels are those of the context ' +
    'that the line chooses.',
  group: 'Help',
  arguments: [{ name: 'shell', description: SHELLS.join(', '), required: true, choices: SHELLS }],
  examples: [
    {
      command: 'source <(nodectl completion bash)',
      about: 'bash, this shell only; put it into ~/.bashrc to keep it',
    },
    { command: 'source <(nodectl completion zsh)', about: 'zsh: in ~/.zshrc, behind compinit' },
    {
      command: 'nodectl completion fish > ~/.config/fish/completions/nodectl.fish',
      about: 'fish, for every shell from now on',
    },
  ],
  load: () => import('./run.ts'),
};

/** What the scripts call. */
export const COMPLETE: CommandSpec = {
  name: '__complete',
  summary: 'Answer a shell that completes a command line',
  group: 'Help',
  hidden: true,
  arguments: [
    { name: 'shell', description: SHELLS.join(', '), required: true, choices: SHELLS },
    { name: 'words', description: 'the words behind nodectl, or from bash the whole line', variadic: true },
  ],
  load: () => import('./run-complete.ts'),
};
