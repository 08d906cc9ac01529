/** What is told while bytes are waited for that somebody types, pastes or pipes. */

import type { Terminal } from '../output/terminal.ts';
import { visibleName } from '../output/visible.ts';

/** A reader that has nothing for so long says that it waits. */
const SILENCE_MS = 1_000;

/** The same bytes; whoever sits at a terminal is told where the first of them is waited for. */
export async function* toldWhileSilent(
  name: string,
  bytes: AsyncIterable<Buffer>,
  terminal: Terminal,
): AsyncGenerator<Buffer, void, undefined> {
  const timer = setTimeout(() => {
    if (terminal.isErrorTerminal) terminal.note(waitingFor(name));
  }, SILENCE_MS);
  try {
    for await (const piece of bytes) {
      clearTimeout(timer);
      yield piece;
    }
  } finally {
    clearTimeout(timer);
  }
}

function waitingFor(name: string): string {
  if (name !== '-') return `Waiting for what is written into ${nameOf(name)}; Ctrl-C ends it.`;
  return process.stdin.isTTY
    ? 'Waiting for what is typed or pasted here; Ctrl-D ends it.'
    : 'Waiting for standard input; Ctrl-C ends it.';
}

/** How what is read is called in a sentence; "-" is standard input. */
export function nameOf(name: string): string {
  return name === '-' ? 'standard input' : visibleName(name);
}
