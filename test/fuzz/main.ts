/**
 * npm run fuzz: gives a million damaged and made-up inputs to the readers of what others wrote, shared among them, and prints the
 * counts. The seed is today's unless told, so that every day tries others; a failure says how it is made again.
 */

import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { FUZZ_TARGETS } from './targets.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) },
    first: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
});
const targets = FUZZ_TARGETS.filter(({ name }) => values.only === undefined || name === values.only);
if (targets.length === 0)
  throw new Error(`there is no target ${values.only}: ${FUZZ_TARGETS.map(({ name }) => name).join(', ')}`);
const each = Math.ceil(Number(values.cases) / targets.length);
let total = 0;
for (const target of targets) {
  const start = performance.now();
  fuzz(target, each, Number(values.seed), Number(values.first));
  total += each;
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  process.stdout.write(`${target.name.padEnd(24)} ${String(each).padStart(9)} cases  ${seconds} s\n`);
}
process.stdout.write(`${total} cases with seed ${values.seed}: no crash, nothing damaged was accepted\n`);
