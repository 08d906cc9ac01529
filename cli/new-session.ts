/** Makes the session that a command runs in from a parsed command line. */

import { Failure } from '../proto/failure.ts';
import type { TargetUse } from './commands/declaration.ts';
import {
  type Context,
  type ContextsFile,
  chosenContext,
  contextsPath,
  loadContext,
  readContexts,
} from './context/contexts.ts';
import { parseDuration } from './duration.ts';
import { chooseTargets, type TargetChoice } from './fleet/target.ts';
import type { ParsedCommand } from './program.ts';
import { flag, list, type Session, text } from './session.ts';

/** What a session is made of beside the parsed command line. */
export type SessionParts = ParsedCommand & Pick<Session, 'terminal' | 'env' | 'signal' | 'open'>;

const DEFAULT_TIMEOUT_MS = 15_000;
/** The same for what was captured: an archive of 70 MB takes some seconds of a processor that is not busy. */
const CAPTURED_TIMEOUT_MS = 60_000;
/** Nobody waits longer for one answer, and Node's timers end at 24 days. */
const MAX_TIMEOUT_MS = 3_600_000;

/** A session. Files are read when they are first asked for, and once. */
export function newSession(parts: SessionParts): Session {
  let file: ContextsFile | undefined;
  let context: Context | undefined;
  const session: Session = {
    ...parts,
    contexts: async () => {
      if (!file) {
        file = await readContexts(contextsPath(text(session, 'config'), parts.env));
        for (const warning of file.warnings) parts.terminal.warn(warning);
      }
      return file;
    },
    context: async () => {
      const contexts = await session.contexts();
      if (!context) {
        context = loadContext(contexts, chosenContext(contexts, text(session, 'context'), parts.env));
        for (const warning of context.warnings) parts.terminal.warn(warning);
      }
      return context;
    },
    targets: async () => {
      const contexts = await session.contexts();
      const name = chosenContext(contexts, text(session, 'context'), parts.env);
      const use = parts.command.targets ?? 'none';
      const choice = { ...targetChoice(session, use), words: session.args };
      return chooseTargets(contexts.contexts[name]?.nodes ?? [], choice, use, name);
    },
    limits: () => {
      // What was captured is read here, whatever else the machine does: no node is waited for.
      const patience = list(session, 'from').length > 0 ? CAPTURED_TIMEOUT_MS : DEFAULT_TIMEOUT_MS;
      const timeoutMs = timeout(text(session, 'timeout'), patience);
      return { timeoutMs, signal: parts.signal };
    },
  };
  return session;
}

/** What the options say, and the environment where they say nothing. What changes a node heeds no environment. */
function targetChoice(session: Session, use: TargetUse): TargetChoice {
  const choice = {
    nodes: list(session, 'node'),
    selector: text(session, 'selector'),
    all: flag(session, 'all'),
  };
  const { NODECTL_NODES } = session.env;
  const silent = choice.nodes.length === 0 && choice.selector === undefined && !choice.all;
  return silent && NODECTL_NODES && use !== 'mutate' ? { ...choice, nodes: [NODECTL_NODES] } : choice;
}

function timeout(given: string | undefined, unless: number): number {
  const milliseconds = given === undefined ? unless : parseDuration(given);
  if (milliseconds !== undefined && milliseconds > 0 && milliseconds <= MAX_TIMEOUT_MS) return milliseconds;
  throw new Failure('BAD_ARGUMENT', `--timeout ${given} is not a usable duration`, {
    hint: 'write for example 500ms, 5s or 2m; at most 1h',
  });
}
