/** `npm run test:kills -- --count 10000`: kills a real agent so often in the middle of upgrades, and prints what came of it. */

import { parseArgs } from 'node:util';
import { type KillReport, runKills } from './kills.ts';

const { values } = parseArgs({ options: { count: { type: 'string', default: '100' } } });
const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
const line = ({ kills, during, armed, mostResent, resent, wire }: KillReport) =>
  `${kills} kills (${during.transfer} while operations came, ${during.rest} behind that), ${armed} upgrades armed and identical; ` +
  `sent again: at most ${mib(mostResent)} MiB, in all ${mib(resent)} MiB; an image is ${mib(wire)} MiB`;

const report = await runKills(Number(values.count), (now) => process.stdout.write(`${line(now)}\n`));
process.stdout.write(`${line(report)}\n`);
