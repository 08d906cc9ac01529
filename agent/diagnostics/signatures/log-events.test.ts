/** What the history remembers of the kernel's log beside what its buffer holds. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { History } from '../../history/history.ts';
import { type KernelLog, textLog } from '../../host/kernel-log.ts';
import { MemoryMachine } from '../../sim/memory-machine.ts';
import { FactStore } from '../fact-store.ts';
import { kernelLog, type LoggedTroubles } from './facts.ts';
import { followKernelLog } from './log-worker.ts';

const UPTIME = 100_000;
const HUNG = (at: number, number: number) =>
  `3,${number},${at}000000,-;INFO: task jbd2/sda1-8:321 blocked for more than 120 seconds.\n`;
const FULL = (at: number, number: number) =>
  `4,${number},${at}000000,-;nf_conntrack: nf_conntrack: table full, dropping packet\n`;

/** A machine whose buffer is what the test says. */
class Logged extends MemoryMachine {
  buffer = '';
  overwritten = false;
  booted = Date.now() - UPTIME * 1_000;

  override text(path: string): string | undefined {
    if (path === 'proc/uptime') return `${((this.now() - this.booted) / 1_000).toFixed(2)} 1\n`;
    if (path === 'proc/sys/kernel/random/boot_id') return 'aaaaaaaa-0000-4000-8000-000000000001\n';
    return super.text(path);
  }

  override kernelLogs(): KernelLog[] {
    return [{ ...textLog('/dev/kmsg', this.buffer), lost: this.overwritten }];
  }
}

let folder: string;
let machine: Logged;
let history: History;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-log-events-'));
  machine = new Logged({ files: new Map() });
  history = new History({
    ...{ folder, machine, everyMs: 60_000, samplers: async () => [] },
    limits: { maxBytes: 20 << 20, keepMs: 1e9 },
    events: async () => followKernelLog(machine, false),
  });
});
afterEach(async () => {
  await history.stop();
  rmSync(folder, { recursive: true });
});

function read(): Promise<LoggedTroubles> {
  return new FactStore(machine, AbortSignal.timeout(10_000), history.view).get(kernelLog);
}

test('a trouble whose messages were overwritten is told with when it was, and others since when they are', async () => {
  machine.buffer = HUNG(1_000, 1) + FULL(2_000, 2);
  await history.tick();
  assert.deepEqual(
    history.view.events().map(({ signature, count }) => [signature, count]),
    [
      ['kernel-log.hung-task', 1],
      ['kernel-log.conntrack-full', 1],
    ],
  );
  machine.buffer = FULL(90_000, 900);
  machine.overwritten = true;
  const { groups } = await read();
  const [hung, full] = ['kernel-log.hung-task', 'kernel-log.conntrack-full'].map((id) =>
    groups.find(({ signature }) => signature.id === id),
  );
  assert.deepEqual([hung?.count, Math.round((hung?.last.uptime ?? 0) / 10)], [1, 100]);
  assert.match(hung?.newest.join() ?? '', /not hold the messages any more/);
  assert.equal(Math.round(((full?.first.timeMs ?? 0) - machine.booted) / 10_000), 200);
  assert.equal(full?.last.uptime, 90_000);
});

test('where nothing was overwritten the log alone says what there is', async () => {
  machine.buffer = HUNG(1_000, 1);
  await history.tick();
  machine.buffer = '';
  assert.deepEqual((await read()).groups, []);
});

test('messages wait until there are enough of them, and none is lost or counted twice', async () => {
  let logged = HUNG(1_000, 1);
  const growing = new (class extends Logged {
    override kernelLogs(): KernelLog[] {
      const read = () => {
        const piece = Buffer.from(logged);
        logged = '';
        return piece;
      };
      return [{ name: '/dev/kmsg', lost: false, read, close: () => undefined }];
    }
  })({ files: new Map() });
  const source = followKernelLog(growing);
  assert.equal((await source.next()).length, 1);
  logged = FULL(2_000, 2);
  assert.deepEqual(await source.next(), []);
  for (let at = 0; at < 2_000; at++) logged += FULL(3_000 + at, 3 + at);
  assert.equal((await source.next()).length, 2_001);
  assert.deepEqual(await source.next(), []);
  source.close();
});

/** A machine whose kernel logs without end: as many lines as there are asked for, every tenth of them a trouble. */
class Flooded extends Logged {
  written = 0;

  override kernelLogs(): KernelLog[] {
    const read = () => {
      let piece = '';
      for (let line = 0; line < 2_000; line++, this.written++)
        piece +=
          this.written % 10 === 0
            ? FULL(this.written, this.written)
            : `6,${this.written},${this.written}000000,-;eth0: a line that means nothing\n`;
      return Buffer.from(piece);
    };
    return [{ name: '/dev/kmsg', lost: false, read, close: () => undefined }];
  }
}

test('a log that grows faster than it is read is read for a while, and told as far as that', async () => {
  const flooded = new Flooded({ files: new Map() });
  const { groups } = await new FactStore(flooded, AbortSignal.timeout(60_000), history.view).get(kernelLog);
  const [full] = groups;
  assert.equal(full?.signature.id, 'kernel-log.conntrack-full');
  assert.equal(full.count, flooded.written / 10);
});

test('ten thousand lines a second: of a minute of them as many are looked at as a tick may, in a process of its own', async () => {
  const flooded = new Flooded({ files: new Map() });
  const source = followKernelLog(flooded);
  try {
    for (let tick = 0; tick < 2; tick++) {
      const before = flooded.written;
      const events = await source.next();
      const read = flooded.written - before;
      assert.ok(read < 600_000, `${read} lines`);
      assert.equal(events.length, read / 10);
    }
  } finally {
    source.close();
  }
});
