/** Makes the session that a command runs in from a parsed command line. */

import { Failure } from '../proto/failure.ts';
import {
  type Context,
  type ContextsFile,
  chosenContext,
  contextsPath,
  loadContext,
  readContexts,
} from './context/contexts.ts';
import { parseDuration } from './duration.ts';
import { chooseTargets } from './fleet/target.ts';
import type { ParsedCommand } from './program.ts';
import { list, type Session, text } from './session.ts';

/** What a session is made of beside the parsed command line. */
export type SessionParts = ParsedCommand & Pick<Session, 'terminal' | 'env' | 'signal' | 'open'>;

/** A session. Files are read when they are first asked for, and once. */
export function newSession(parts: SessionParts): Session {
  let file: ContextsFile | undefined;
  let context: Context | undefined;
  const session: Session = {
    ...parts,
    contexts: async () => {
      if (!file) {
        file = readContexts(contextsPath(text(session, 'config'), parts.env));
        for (const warning of file.warnings) parts.terminal.warn(warning);
      }
      return file;
    },
    context: async () => {
      const contexts = await session.contexts();
      context ??= loadContext(contexts, chosenContext(contexts, text(session, 'context'), parts.env));
      return context;
    },
    targets: async () => {
      const contexts = await session.contexts();
      const name = chosenContext(contexts, text(session, 'context'), parts.env);
      const choice = {
        nodes: list(session, 'node'),
        selector: text(session, 'selector'),
        all: session.options.all === true,
      };
      return chooseTargets(
        contexts.contexts[name]?.nodes ?? [],
        choice,
        parts.command.targets ?? 'none',
        name,
      );
    },
    limits: () => ({ timeoutMs: timeout(text(session, 'timeout')), signal: parts.signal }),
  };
  return session;
}

const DEFAULT_TIMEOUT_MS = 15_000;

function timeout(given: string | undefined): number {
  if (given === undefined) return DEFAULT_TIMEOUT_MS;
  const milliseconds = parseDuration(given);
  if (milliseconds === undefined || milliseconds <= 0)
    throw new Failure('BAD_ARGUMENT', `--timeout ${given} is not a duration`, {
      hint: 'write for example 5s, 500ms or 2m',
    });
  return milliseconds;
}
