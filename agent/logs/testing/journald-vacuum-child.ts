/**
 * Runs inside a mount namespace of its own (see journal/journald.test.ts): a real systemd-journald whose files are rotated and
 * vacuumed by journalctl while two reads follow it, one of everything and one with a pattern; first while they are at its end,
 * then while they stand still. Prints what each of them got as JSON.
 */

import { execFileSync } from 'node:child_process';
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JournalSource } from '../journal/source.ts';
import { compilePattern, type Matcher } from '../pattern.ts';
import { startJournald } from './journald.ts';
import { EVERYTHING, recordsOf } from './read.ts';

/** More entries than journalctl, its pipe and a read hold together. */
const MANY = 1_500;
const JOURNAL = '/run/log/journal';
const LINE = /^line (\d+) of/;

const { lines } = await startJournald(process.argv[2] ?? '');
const journalctl = (...args: string[]) => execFileSync('journalctl', ['--quiet', ...args]).toString();

/** The lines that the journal's files have. */
function kept(): number[] {
  return journalctl('--output=cat', '--identifier=counter')
    .split('\n')
    .flatMap((text) => LINE.exec(text)?.[1] ?? [])
    .map(Number);
}

let written = 0;
async function write(count: number): Promise<void> {
  let text = '';
  for (let i = 0; i < count; i++) text += `line ${written++} of many\n`;
  lines.write(text);
  while (kept().at(-1) !== written - 1) await delay(20);
}

/** All files but the one that is written to are removed, as SystemMaxUse= has journald do by itself. */
function vacuum(): void {
  journalctl('--rotate');
  journalctl('--vacuum-files=1');
}

/** The same as somebody does it who frees a disk by hand: what journalctl has open stays as it was. */
function remove(): void {
  journalctl('--rotate');
  for (const folder of readdirSync(JOURNAL))
    for (const file of readdirSync(join(JOURNAL, folder)))
      if (file.includes('@')) unlinkSync(join(JOURNAL, folder, file));
}

// The clock of this process stands still but for the minute in which the reads do, so that load makes nobody fall behind.
const { now } = Date;
let nowMs = now();
Date.now = () => nowMs;

/** A read that follows, with a brake. */
class Follower {
  readonly lines: number[] = [];
  /** Each jump in the lines, and each gap with the line before it. */
  readonly jumps: { after: number | undefined; next: number }[] = [];
  readonly gaps: { after: number | undefined; records: number }[] = [];
  records = 0;
  /** The sequence numbers of the first and the last record. */
  numbers: [first: number, last: number] | undefined;
  brake: Promise<void> | undefined;
  held = false;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  constructor(matcher: Matcher | undefined) {
    this.#done = this.#follow(matcher);
  }

  async #follow(matcher: Matcher | undefined): Promise<void> {
    const options = { ...EVERYTHING, follow: true, matcher };
    for await (const event of new JournalSource({}).read(options, this.#abort.signal)) {
      if (event.event === 'gap') this.gaps.push({ after: this.lines.at(-1), records: event.gap.records });
      if (event.event === 'batch')
        for (const { text, cursor } of recordsOf(event.batch)) this.#take(text, cursor);
      this.held = this.brake !== undefined;
      await this.brake;
    }
  }

  #take(text: string, cursor: string): void {
    this.records++;
    const number = Number.parseInt(cursor.split(':')[1] ?? '', 36);
    this.numbers = [this.numbers?.[0] ?? number, number];
    const next = LINE.exec(text)?.[1];
    if (next === undefined) return;
    const after = this.lines.at(-1);
    if (Number(next) !== (after ?? -1) + 1) this.jumps.push({ after, next: Number(next) });
    this.lines.push(Number(next));
  }

  async at(line: number): Promise<void> {
    const untilMs = now() + 60_000;
    while (this.lines.at(-1) !== line && now() < untilMs) await delay(20);
  }

  async end(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }
}

await write(50);
const followers = [new Follower(undefined), new Follower(compilePattern('^line \\d+ of', false))];
const allAt = async (line: number) => await Promise.all(followers.map((one) => one.at(line)));
await allAt(49);
vacuum();
await write(10);
await allAt(59);
vacuum();
await write(10);
await allAt(69);
const before = followers.map(({ gaps }) => gaps.length);

const left = new Set<number>();
/** Both reads stand still for a minute, in which files come and go. */
async function standStill(clear: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const one of followers) one.brake = promise;
  await write(1);
  while (!followers.every(({ held }) => held)) await delay(20);
  await write(MANY);
  clear();
  await write(MANY);
  clear();
  await write(MANY);
  for (const line of kept()) left.add(line);
  nowMs += 60_000;
  for (const one of followers) one.brake = undefined;
  resolve();
  await allAt(written - 1);
}
await standStill(remove);
await standStill(vacuum);
await write(10);
await allAt(written - 1);
await Promise.all(followers.map((one) => one.end()));

const report = followers.map(({ lines: got, jumps, gaps, records, numbers }, i) => ({
  /** Gaps that were told while nothing was lost. */
  gapsAtEnd: before[i],
  lost: jumps.length > 0,
  /** Whether before each jump there is a gap, and right before it where every entry comes by. */
  told: jumps.every(({ after = -1 }) =>
    gaps.some((gap) => gap.after === after || (i > 0 && (gap.after ?? -1) < after)),
  ),
  /** Records that neither came nor were told as lost, by the numbers of the journal. */
  untold:
    i > 0
      ? 0
      : (numbers?.[1] ?? 0) -
        (numbers?.[0] ?? 0) +
        1 -
        records -
        gaps.reduce((sum, gap) => sum + gap.records, 0),
  missed: [...left].filter((line) => !got.includes(line)).length,
  twice: got.length - new Set(got).size,
  last: got.at(-1) === written - 1,
}));
process.stdout.write(JSON.stringify(report));
process.exit(0);
