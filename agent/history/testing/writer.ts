/** A process that writes rows until it is killed, and says each that it wrote: `node writer.ts FOLDER`. */

import { writeSync } from 'node:fs';
import { tablesBack } from '../reading.ts';
import { Ring } from '../ring.ts';

const BOOT = 'ab'.repeat(16);
const folder = process.argv[2] ?? '';
const ring = await Ring.open(folder, { maxBytes: 20 << 20, keepMs: 1e12 }, BOOT);
const [newest] = tablesBack({ folder, now: () => ({ wall: Date.now() }) });
let number = newest ? (newest.sinceBoot.at(-1) ?? 0) / 1_000 : 0;
for (;;) {
  number++;
  const moment = { boot: BOOT, sinceBoot: number * 1_000, wall: Date.UTC(2026, 0, 1) + number * 1_000 };
  await ring.append(moment, [
    { series: 'test//number', value: number },
    { series: `test/${Math.floor(number / 50) % 7}/other`, value: -number / 8 },
  ]);
  writeSync(1, `${number}\n`);
}
