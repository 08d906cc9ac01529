/** `nodectl config`: a plan and an apply that changes nothing of a large document, on a node; and a diff over a fleet. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORIGIN, openConfig } from '../../agent/config/testing/test-node.ts';
import { Lab } from '../lab/lab.ts';
import type { Bench } from './bench.ts';
import { type Command, median, run as runOnce } from './rig/measure.ts';
import { atMost, type Figure, type Findings, plain, show } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

const RESOURCES = 1_000;
const NODES = 200;
const NODE_LIMIT_MS = 1_000;
const FLEET_LIMIT_MS = 6_000;
/** That nodes are not as the document says is no failure. */
const STATUSES = [0, 8];

/** The benchmark. */
export const config: Bench = {
  name: 'config',
  title: `plan and apply of a document of ${RESOURCES} resources that changes nothing, and \`nodectl config diff\` on ${NODES} simulated nodes`,
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  return {
    figures: [...(await node(rig)), ...(await fleet(rig))],
    notes: [
      'The node is a folder on this machine’s disk, with its files, users and sysctls; its systemd is simulated.',
      'An apply of a text that has not been applied yet makes a revision, and so writes to the disk.',
    ],
  };
}

/** A document of so many resources, of the kinds that large documents are made of. */
function large(resources: number, comment: string): string {
  const files: Record<string, object> = {};
  const sysctls: Record<string, string> = {};
  // Beside them there are the sysctls' own file and the two units of sshd.
  const left = resources - 3;
  for (let at = 0; at < left; at++)
    if (at % 10 === 0) sysctls[`net.ipv4.neigh.n${at}.retrans_time_ms`] = String(at);
    else
      files[`/etc/app-${at % 20}/conf.d/${at}.conf`] = { content: `# ${at}\n${'key = value\n'.repeat(20)}` };
  const body = JSON.stringify(
    { apiVersion: 'nodectl.dev/v1', kind: 'Node', kernel: { sysctls }, files },
    null,
    1,
  );
  return `# ${comment}\n${body}`;
}

async function node(rig: Rig): Promise<Figure[]> {
  const folder = join(rig.folder, 'config-node');
  const text = large(RESOURCES, 'first');
  const sysctls = join(folder, 'root/proc/sys/net/ipv4/neigh');
  for (let at = 0; at < RESOURCES; at += 10) {
    mkdirSync(join(sysctls, `n${at}`), { recursive: true });
    writeFileSync(join(sysctls, `n${at}/retrans_time_ms`), '1\n');
  }
  const domain = await openConfig(folder);
  const apply = (document: string) =>
    domain.apply(
      { text: document, mode: 'live', timeoutSeconds: 0, origin: ORIGIN, connection: '' },
      new AbortController().signal,
    );
  const first = await timed(() => apply(text));
  const rounds = rig.amount(9, 2);
  const [plans, same, others] = [[], [], []] as [Spent[], Spent[], Spent[]];
  for (let round = 0; round < rounds; round++) {
    plans.push(await timed(() => domain.plan(text)));
    const other = large(RESOURCES, `round ${round}`);
    others.push(await timed(() => apply(other)));
    same.push(await timed(() => apply(other)));
  }
  const { plan } = await domain.plan(text);
  domain.close();
  if (plan.changes.length > 0)
    throw new Error(`${plan.changes.length} resources are not as they were applied`);
  const figure = (what: string, all: readonly Spent[]) => [
    atMost(what, median(all.map(({ ms }) => ms)), NODE_LIMIT_MS, show.ms),
    plain('… processor time', show.ms(median(all.map(({ cpuMs }) => cpuMs)))),
  ];
  return [
    ...figure(`plan of ${RESOURCES} resources, nothing to change`, plans),
    ...figure('apply of the document that runs', same),
    ...figure('apply of another text that says the same', others),
    plain('the first apply, which writes all of them', show.ms(first.ms)),
  ];
}

interface Spent {
  readonly ms: number;
  readonly cpuMs: number;
}

async function timed(work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - began, cpuMs: (user + system) / 1_000 };
}

async function fleet(rig: Rig): Promise<Figure[]> {
  const contextsFile = join(rig.folder, 'config-fleet.yaml');
  const nodes = rig.amount(NODES, 20);
  const lab = await Lab.start({ folder: join(rig.folder, 'config-lab'), nodes, contextsFile });
  try {
    const documents = join(rig.folder, 'fleet');
    mkdirSync(join(documents, 'roles'), { recursive: true });
    const layer = (name: string, body: object) =>
      writeFileSync(join(documents, name), JSON.stringify(body, null, 1));
    layer('base.yaml', {
      time: { servers: [{ address: '192.0.2.1' }] },
      kernel: { sysctls: { 'vm.swappiness': 10, 'net.core.somaxconn': 4096 } },
      files: Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [
          `/etc/app/${at}.conf`,
          { content: `key = ${at}\n`.repeat(10) },
        ]),
      ),
    });
    layer('roles/web.yaml', { kernel: { sysctls: { 'vm.swappiness': 20 } } });
    const command: Command = {
      ...rig.command(['config', 'diff', '-f', documents, '--all', '--context', lab.context]),
      env: { NODECTL_CONFIG: contextsFile },
      statuses: STATUSES,
    };
    const runs = [];
    for (let round = 0; round < rig.amount(5, 2); round++) runs.push(await runOnce(command, { watch: true }));
    return [
      atMost(
        `nodectl config diff -f FOLDER, ${nodes} nodes`,
        median(runs.map(({ ms }) => ms)),
        FLEET_LIMIT_MS,
        show.seconds,
      ),
      plain('… most resident memory', show.megabytes(median(runs.map(({ peakBytes }) => peakBytes)))),
    ];
  } finally {
    await lab.stop();
  }
}
