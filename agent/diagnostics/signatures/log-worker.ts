/**
 * Recognition of troubles in the kernel's log for the history, in a process that ends when it is done. The catalogue takes
 * seven megabytes (measured; a thread leaves four of them behind), and an agent that nobody asks for a diagnosis should not
 * hold them for the few messages of a day: so what was logged waits, and is looked at together.
 */

import { fileURLToPath } from 'node:url';
import type { EventSource, LoggedEvent } from '../../history/events.ts';
import type { Machine } from '../../host/machine.ts';
import { answerOfOwnProcess } from '../../host/own-process.ts';

/** What waits for so long is looked at, in ms, and so is more than so many bytes. */
const WAIT_MS = 10 * 60_000;
const WAIT_BYTES = 128 * 1024;
/** Of what is logged between two ticks no more is looked at: some 40,000 lines. */
const MAX_BYTES = 4 << 20;
const LIMIT_MS = 20_000;
/** What the process may answer: some hundred bytes an event. */
const MAX_ANSWER = 16 << 20;

/** The process that looks, of all agents in this one: those of a lab tick at the same moment. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Follows the kernel's log of a machine from its oldest message on.
 * @param apart whether a process of its own looks; else this one, which is for those that hold the catalogue anyway
 * @throws Unavailable
 */
export function followKernelLog(machine: Machine, apart = true): EventSource {
  const [log, ...others] = machine.kernelLogs();
  for (const one of others) one.close();
  let waiting: Buffer[] = [];
  let size = 0;
  // What is there at the start is looked at with the first call.
  let since = Number.NEGATIVE_INFINITY;
  return {
    next: async () => {
      // What is not looked at now stays where it is: a piece that was read is one that waits.
      while (size < MAX_BYTES) {
        const piece = log?.read();
        if (!piece || piece.length === 0) break;
        waiting.push(piece);
        size += piece.length;
      }
      const now = performance.now();
      if (size === 0) {
        since = now;
        return [];
      }
      if (size < WAIT_BYTES && now - since < WAIT_MS) return [];
      const logged = Buffer.concat(waiting);
      waiting = [];
      size = 0;
      since = now;
      if (!apart) return (await import('./recognise.ts')).recognised(logged, machine.now());
      const found = turn.then(() => recognise(logged, machine.now()));
      turn = found.catch(() => undefined);
      return found;
    },
    close: () => log?.close(),
  };
}

/** Has a process of its own look at what was logged. @throws Error where it fails, or takes too long */
async function recognise(logged: Buffer, referenceMs: number): Promise<readonly LoggedEvent[]> {
  const script = fileURLToPath(import.meta.url);
  const asked = { what: 'reads the kernel’s log', limitMs: LIMIT_MS, maxAnswer: MAX_ANSWER };
  return JSON.parse(await answerOfOwnProcess(script, String(referenceMs), logged, asked)) as LoggedEvent[];
}

/** What the process does: reads what was logged from standard input, and prints the events as JSON. */
async function work(referenceMs: number): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin as AsyncIterable<Buffer>) parts.push(part);
  const { recognised } = await import('./recognise.ts');
  process.stdout.write(JSON.stringify(recognised(Buffer.concat(parts), referenceMs)));
}

if (import.meta.main) await work(Number(process.argv[2]));
