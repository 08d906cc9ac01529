/**
 * `npm run build`: makes dist/ from the source.
 *
 * - dist/nodectl: the command line as a single executable with a start-up snapshot. It needs no Node on the machine.
 * - dist/nodectl-agent: starts the agent; dist/lib holds its bundle and the Node that runs it.
 * - dist/nodectl-agent-revert: goes back from a release of the agent that fails; see packaging/README.md.
 * - dist/agent.json: version and platform of the agent, for `nodectl agent pack`.
 * - dist/cli/: the parts that dist/nodectl was made of.
 * - *.map: source maps, which no program needs at run time.
 *
 * Why each is made as it is, with figures, is in packaging/README.md.
 * `npm run build -- --only cli|agent` makes one of them.
 */

import { chmodSync, copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VERSION } from '../proto/version.ts';
import { bundle } from './bundle.ts';
import { buildCli } from './cli.ts';

const top = join(import.meta.dirname, '..');
const dist = join(top, 'dist');
const lib = join(dist, 'lib');

/** Makes dist/nodectl-agent, its bundle, and a copy of the Node that this runs on. */
async function buildAgent(): Promise<string[]> {
  const script = join(lib, 'nodectl-agent.mjs');
  await bundle(join(top, 'agent', 'main.ts'), script);
  const node = join(lib, 'node');
  copyFileSync(process.execPath, node);
  chmodSync(node, 0o755);
  const launcher = join(dist, 'nodectl-agent');
  copyFileSync(join(top, 'packaging', 'nodectl-agent.sh'), launcher);
  chmodSync(launcher, 0o755);
  const guard = join(dist, 'nodectl-agent-revert');
  copyFileSync(join(top, 'packaging', 'nodectl-agent-revert.sh'), guard);
  chmodSync(guard, 0o755);
  const about = join(dist, 'agent.json');
  writeFileSync(
    about,
    `${JSON.stringify({ version: VERSION, platform: `${process.platform}-${process.arch}` })}\n`,
  );
  return [launcher, guard, script, node, about];
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const parts: Record<string, () => Promise<string[]>> = {
  cli: async () => [await buildCli(dist)],
  agent: buildAgent,
};
if (values.only !== undefined && !Object.hasOwn(parts, values.only)) {
  process.stderr.write(
    `there is no part "${values.only}" to build; parts are: ${Object.keys(parts).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  if (values.only === undefined) rmSync(dist, { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  for (const [name, build] of Object.entries(parts))
    if (values.only === undefined || values.only === name)
      for (const path of await build())
        process.stdout.write(
          `${path.slice(top.length + 1).padEnd(28)} ${(statSync(path).size / 1e6).toFixed(3).padStart(8)} MB\n`,
        );
}
