/** What a cold call loads. Whatever is not on the list was loaded lazily or not at all; a test holds the list. */

import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { loadedBy } from './rig/loaded.ts';
import { type Findings, plain } from './rig/report.ts';
import { NODE, type Rig } from './rig/rig.ts';

/** The benchmark. */
export const loads: Bench = {
  name: 'loads',
  title: 'what `nodectl version -n NODE` loads, as source',
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  await rig.agent();
  const { groups, builtins } = await loadedBy(['version', '-n', NODE], {
    NODECTL_CONFIG: join(rig.folder, 'config.yaml'),
  });
  return {
    figures: groups.map(({ name, files, bytes }) =>
      plain(name, `${files} files, ${(bytes / 1e3).toFixed(0)} kB`),
    ),
    notes: [`Modules of Node: ${builtins.join(', ')}.`],
  };
}
