/**
 * `npm run bench`: measures nodectl beside the tools that it replaces, in one run on one machine, and says which goals are
 * met. It starts its own sshd, agents and data on loopback and leaves nothing behind.
 *
 *   npm run bench                            everything (about half an hour)
 *   npm run bench -- --only cold-call        some of it, by name; may be given several times
 *   npm run bench -- --quick                 a tenth of the data and few rounds: does it run, not how fast is it
 *   npm run bench -- --markdown docs/bench.md    puts what it measured into the page too, section by section
 *
 * It builds first, so that what it measures is this source and not an older one.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { bulkLogs } from './bulk-logs.ts';
import { coldCall } from './cold-call.ts';
import { config } from './config.ts';
import { delta } from './delta.ts';
import { diag } from './diag.ts';
import { fleet } from './fleet.ts';
import { history } from './history.ts';
import { idle } from './idle.ts';
import { journal } from './journal.ts';
import { loads } from './loads.ts';
import { machineFacts } from './rig/machine.ts';
import { asMarkdown, asText, type Section } from './rig/report.ts';
import { Rig } from './rig/rig.ts';
import { signatures } from './signatures.ts';
import { unary } from './unary.ts';
import { upgrades } from './upgrades.ts';

const BENCHES: readonly Bench[] = [
  coldCall,
  loads,
  fleet,
  bulkLogs,
  journal,
  history,
  idle,
  unary,
  diag,
  config,
  signatures,
  delta,
  upgrades,
];

const top = join(import.meta.dirname, '..', '..');

/** What one benchmark gave. One that fails says why in its place, costs the run its status, and the others nothing. */
async function measure(bench: Bench, rig: Rig): Promise<Section> {
  const { name, title } = bench;
  const skipped = bench.missing();
  if (skipped) return { name, title, outcome: { skipped } };
  try {
    return { name, title, outcome: await bench.run(rig) };
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${name}: ${error instanceof Error ? error.stack : error}\n`);
    const [first = ''] = String(error).split('\n');
    return { name, title, outcome: { skipped: `it failed: ${first.replaceAll(rig.folder, 'FOLDER')}` } };
  }
}

function intoPage(path: string, section: Section, facts: readonly string[], when: string): void {
  const page = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const order = BENCHES.map(({ name }) => name);
  writeFileSync(path, asMarkdown(page, order, section, facts, when));
}

function build(): void {
  execFileSync(process.execPath, [join(top, 'packaging', 'build.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // What was just written lies in the page cache in large pieces, each of which counts whole in the memory of whoever maps a part of
  // it. An installed program is read from its disk, in pieces of what is asked for: so this one's are written and forgotten.
  const node = join(top, 'dist', 'lib', 'node');
  execFileSync('dd', [`of=${node}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], {
    stdio: 'ignore',
  });
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    markdown: { type: 'string' },
  },
});
const unknown = values.only?.filter((name) => !BENCHES.some((bench) => bench.name === name)) ?? [];
if (unknown.length > 0) {
  const names = BENCHES.map(({ name }) => name).join(', ');
  process.stderr.write(`there is no benchmark "${unknown.join('", "')}"; there are: ${names}\n`);
  process.exitCode = 2;
} else {
  build();
  const facts = machineFacts();
  process.stdout.write(`${facts.join('\n')}\n\n`);
  const rig = new Rig({ quick: values.quick, dist: join(top, 'dist') });
  try {
    for (const bench of BENCHES) {
      if (values.only && !values.only.includes(bench.name)) continue;
      const when = `Measured on ${new Date().toISOString().slice(0, 10)}, at a load of ${loadavg()[0]?.toFixed(1)} before it.`;
      const section = await measure(bench, rig);
      process.stdout.write(`${asText(section)}\n`);
      if (values.markdown) intoPage(values.markdown, section, facts, when);
    }
  } finally {
    await rig.stop();
  }
}
