/**
 * The configuration's file, understood by a process that ends when it has done that. What reads YAML and holds it against the schema
 * takes 3.6 MB (measured), which an agent would hold for the whole of its life for what it does once.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';
import { answerOfOwnProcess } from '../host/own-process.ts';
import type { AgentSettings } from './settings.ts';

/** Half a second is long, and 4 MiB more than a file as JSON or all that is wrong with it. Beyond that this process does the work. */
const WORK = { what: 'reads the configuration', limitMs: 20_000, maxAnswer: 4 << 20 };

/** What the process answers. */
type Answer = { settings: Partial<AgentSettings> } | { reason: Reason; message: string; hint: string };

/** Reads a file. Throws BAD_CONFIG with everything that is wrong with it, each with line and column. */
export async function readSettings(file: string): Promise<Partial<AgentSettings>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('BAD_CONFIG', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const answer = (await ask(text, file)) ?? (await answerTo(text, file));
  if ('settings' in answer) return answer.settings;
  const { reason, message, hint } = answer;
  throw new Failure(reason, message, { hint });
}

/** Asks a process of its own; undefined where it gives no answer, or prints something else. */
async function ask(text: string, file: string): Promise<Answer | undefined> {
  try {
    return JSON.parse(await answerOfOwnProcess(fileURLToPath(import.meta.url), file, text, WORK)) as Answer;
  } catch {
    // Whatever kept it from answering, this process does the work.
    return undefined;
  }
}

async function answerTo(text: string, file: string): Promise<Answer> {
  try {
    const { checkedSettings } = await import('./checked-settings.ts');
    return { settings: await checkedSettings(text, file) };
  } catch (error) {
    const { reason, message, hint } = Failure.from(error);
    return { reason, message, hint };
  }
}

/** What the process does: reads the text from standard input, and prints what comes of it as JSON. */
async function work(file: string): Promise<void> {
  const text = readFileSync(process.stdin.fd, 'utf8');
  process.stdout.write(JSON.stringify(await answerTo(text, file)));
}

if (import.meta.main) await work(process.argv[2] ?? '');
