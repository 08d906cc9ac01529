/**
 * Transcripts of help pages and of output, compared with test/golden/. A change there is read like a change of code.
 * `UPDATE_GOLDEN=1 node --test cli/golden.test.ts` writes them anew.
 */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { Failure } from '../proto/failure.ts';
import type { CommandSpec } from './commands/declaration.ts';
import { COMMANDS } from './commands/table.ts';
import type { NodeReport } from './diag/fold/model.ts';
import { faultyFleet } from './diag/testing-faults.ts';
import { TOPIC_NAMES } from './help/topics.ts';
import { FakeFleet, nodeAnswer, versionAnswer } from './testing/fleet.ts';
import { type RunOptions, runCli } from './testing/run.ts';

/** Certificates of the transcripts end at 4,000,000,000 s. How long they have left must not depend on when this runs. */
const NOW_MS = (4_000_000_000 - (24_855 * 24 + 3) * 3_600) * 1_000;
before(() => mock.timers.enable({ apis: ['Date'], now: NOW_MS }));
after(() => mock.timers.reset());

const folder = join(import.meta.dirname, '..', 'test', 'golden');
const written = new Set<string>();

/** Compares a transcript with its file. */
function golden(name: string, transcript: string): void {
  const file = `${name.replace(/[^a-z0-9-]+/g, '-')}.txt`;
  written.add(file);
  const path = join(folder, file);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, transcript);
  }
  assert.equal(transcript, readFileSync(path, 'utf8'));
}

/** A command line as a person would see it: what was typed, what came on either stream, and the status. */
async function transcript(argv: readonly string[], options: RunOptions): Promise<string> {
  const { stdout, stderr, status } = await runCli(argv, options);
  const words = argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`));
  return `$ nodectl ${words.join(' ')}\n${stdout}${stderr ? `--- stderr\n${stderr}` : ''}--- status ${status}\n`;
}

function paths(commands: readonly CommandSpec[], before: readonly string[] = []): string[][] {
  return commands
    .filter(({ hidden }) => !hidden)
    .flatMap((spec) => [[...before, spec.name], ...paths(spec.subcommands ?? [], [...before, spec.name])]);
}

test('help', async () => {
  golden('help', await transcript(['--help'], {}));
});

for (const path of paths(COMMANDS))
  test(`help ${path.join(' ')}`, async () => {
    const page = await transcript([...path, '--help'], {});
    assert.ok(
      page.split('\n').every((line) => line.length <= 110),
      'a line is longer than a page is wide',
    );
    golden(`help ${path.join(' ')}`, page);
  });

for (const topic of TOPIC_NAMES)
  test(`help on ${topic}`, async () => golden(`topic ${topic}`, await transcript(['help', topic], {})));

const refused = (address: string) =>
  new Failure('CONNECTION_REFUSED', `nothing listens at ${address}`, {
    hint: 'is the agent running on the node?',
  });

const answers = (node: string, more: Record<string, unknown> = {}) => ({
  GetNode: () => nodeAnswer(node, more),
  GetVersion: () => versionAnswer(node),
  WhoAmI: () => ({ node, name: 'alice', role: 'operator', serial: '4eb0d266', notAfter: 4_000_000_000 }),
  ListDenied: () => ({
    denied:
      node === 'web-1'
        ? [
            {
              subject: 'nodectl://operator/eve',
              reason: 'laptop lost',
              by: 'nodectl://operator/alice/admin',
              timeUsec: 1_700_000_000_000_000,
            },
          ]
        : [],
  }),
  Deny: ({ subject, validateOnly }: Record<string, unknown>) => ({
    node,
    denied: { subject },
    endedCalls: validateOnly ? 0 : 2,
  }),
  ReadAudit: () => [
    {
      records: [
        {
          sequence: 1,
          timeUsec: node === 'web-1' ? 1_700_000_001_000_000 : 1_700_000_000_000_000,
          caller: 'nodectl://operator/alice/admin',
          serial: '4eb0d266',
          peer: '10.9.9.9:50122',
          method: 'nodectl.v1.AccessService/Deny',
          requestSha256: 'ab'.repeat(32),
          status: 'OK',
          reason: '',
          chain: 'cd'.repeat(32),
        },
      ],
      broken: '',
    },
  ],
});

const fleet = new FakeFleet({
  'web-1': { labels: { rack: 'a' }, answers: answers('web-1', { labels: { role: 'web' } }) },
  'web-2': { labels: { rack: 'b' }, unreachable: refused('10.0.0.2:7443') },
  'web-3': { labels: { rack: 'b' }, unreachable: refused('10.0.0.3:7443') },
  'db-1': {
    labels: { rack: 'a' },
    answers: answers('db-1', { warnings: ['the clock is not synchronised'], os: 'Debian \x1b[31mred\x07' }),
  },
});
after(() => fleet.remove());

/** A fleet that answers Diagnose. */
function diagFleet(reports: readonly NodeReport[], unreachable: readonly string[] = []): FakeFleet {
  const silent = unreachable.map((name) => [name, { unreachable: refused('10.0.0.99:7443') }] as const);
  const nodes = reports.map(({ node, labels, answer }) => {
    return [node, { labels: { ...labels }, answers: { Diagnose: () => answer } }] as const;
  });
  return new FakeFleet(Object.fromEntries([...nodes, ...silent]));
}
const large = diagFleet(faultyFleet(200, 1), ['web-201', 'web-202']);
const small = diagFleet(faultyFleet(7, 4));
after(() => large.remove());
after(() => small.remove());

const DIAG: [name: string, fleet: FakeFleet, argv: string[], columns?: number][] = [
  ['at 80 columns', large, ['diag'], 80],
  ['at 160 columns', large, ['diag'], 160],
  ['on a pipe', large, ['diag']],
  ['of seven nodes', small, ['diag'], 100],
  ['verbose', small, ['diag', '--verbose'], 100],
  ['where all is well', small, ['diag', '-n', 'web-2', '--severity', 'warning'], 80],
  ['json', small, ['diag', '-n', 'web-[6-7]', '-o', 'json']],
  ['name', small, ['diag', '-o', 'name']],
  ['explain', small, ['diag', '--explain', 'fleet.memory-below-peers'], 80],
  ['explain of an unknown check', small, ['diag', '--explain', 'fleet.mixed-frimware']],
];

for (const [name, { env, connect }, argv, columns] of DIAG)
  test(`diag ${name}`, async () => {
    golden(
      `diag ${name}`,
      await transcript(argv, { env, open: connect, ...(columns === undefined ? {} : { columns }) }),
    );
  });

/** A night of a node: a drive that hangs, a link that flaps, memory that runs out. */
const KERNEL_LOG = `2026-03-01T22:10:01.000001+00:00 db-1 kernel: nvme nvme0: 8/0/0 default/read/poll queues
2026-03-01T22:10:04.100000+00:00 db-1 kernel: igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX
2026-03-02T01:00:00.000000+00:00 db-1 kernel: nvme nvme0: I/O tag 513 (e201) opcode 0x2 (I/O Cmd) QID 6 timeout, aborting req_op:READ(0) size:131072
2026-03-02T01:00:30.000000+00:00 db-1 kernel: nvme nvme0: I/O tag 513 (e201) opcode 0x2 (I/O Cmd) QID 6 timeout, reset controller
2026-03-02T01:00:31.000000+00:00 db-1 kernel: I/O error, dev nvme0n1, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2
2026-03-02T02:11:00.000000+00:00 db-1 kernel: igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Down
2026-03-02T02:11:03.000000+00:00 db-1 kernel: igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX
2026-03-02T03:30:00.000000+00:00 db-1 sshd[911]: error: kex_exchange_identification: Connection closed by remote host
2026-03-02T03:41:07.000000+00:00 db-1 kernel: postgres invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, oom_score_adj=0
2026-03-02T03:41:07.100000+00:00 db-1 kernel: Out of memory: Killed process 4711 (postgres) total-vm:9437184kB, anon-rss:8388608kB, file-rss:0kB, shmem-rss:0kB, UID:105 pgtables:16500kB oom_score_adj:0
`;
const kernelLog = join(fleet.folder, 'kernel.log');
writeFileSync(kernelLog, KERNEL_LOG);
const healthyLog = join(fleet.folder, 'boot.log');
writeFileSync(healthyLog, KERNEL_LOG.split('\n', 2).join('\n'));

const OUTPUT: [name: string, argv: string[], more?: RunOptions][] = [
  ['get nodes', ['get', 'nodes']],
  ['get nodes wide', ['get', 'nodes', '-o', 'wide']],
  ['get nodes on a terminal of 60 columns', ['get', 'nodes'], { columns: 60 }],
  ['get nodes wide on a terminal', ['get', 'nodes', '-n', 'db-1', '-o', 'wide'], { columns: 80 }],
  ['get nodes json', ['get', 'nodes', '-n', 'web-[1-2]', '-o', 'json']],
  ['get nodes yaml', ['get', 'nodes', '-n', 'web-2', '-o', 'yaml']],
  ['get nodes jsonl', ['get', 'nodes', '-n', 'web-2', '-o', 'jsonl']],
  ['get nodes name', ['get', 'nodes', '-l', 'rack=a', '-o', 'name']],
  ['get nodes jsonpath', ['get', 'nodes', '-o', 'jsonpath=.items[?(@.error)].error.reason']],
  ['version jsonl', ['version', '-o', 'jsonl']],
  ['whoami', ['whoami', '-n', 'web-1,db-1']],
  ['whoami where none answers', ['whoami', '-n', 'web-[2-3]']],
  ['access list', ['access', 'list', '-n', 'web-1,db-1']],
  ['access deny without an answer', ['access', 'deny', 'nodectl://operator/eve', '-n', 'web-1']],
  ['access deny without nodes', ['access', 'deny', 'nodectl://operator/eve', '--yes']],
  ['access deny dry run', ['access', 'deny', 'nodectl://operator/eve', '-n', 'web-1,db-1', '--dry-run']],
  ['access deny', ['access', 'deny', 'nodectl://operator/eve', '-l', 'rack=a', '--yes']],
  ['audit', ['audit', '-l', 'rack=a']],
  ['nodes list', ['nodes', 'list']],
  ['context list', ['context', 'list']],
  ['unknown node', ['whoami', '-n', 'wbe-1']],
  ['unknown node json', ['whoami', '-n', 'wbe-1', '-o', 'json']],
  ['unknown command', ['gte', 'nodes']],
  ['unknown option', ['get', 'nodes', '--selektor', 'a']],
  ['unknown format', ['get', 'nodes', '-o', 'tabel']],
  ['unknown context', ['get', 'nodes', '--context', 'flet']],
  ['a group without a command', ['nodes']],
  ['diag scan on a terminal', ['diag', 'scan', kernelLog], { columns: 80 }],
  ['diag scan', ['diag', 'scan', kernelLog]],
  ['diag scan jsonl', ['diag', 'scan', kernelLog, '-o', 'jsonl']],
  ['diag scan json', ['diag', 'scan', kernelLog, '-o', 'json']],
  ['diag scan wide', ['diag', 'scan', kernelLog, '-o', 'wide'], { columns: 120 }],
  ['diag scan of a healthy log', ['diag', 'scan', healthyLog]],
  ['diag scan of nothing', ['diag', 'scan', join(fleet.folder, 'none.log')]],
];

for (const [name, argv, more = {}] of OUTPUT)
  test(`output: ${name}`, async () => {
    const options = { env: fleet.env, open: fleet.connect, ...more };
    const text = (await transcript(argv, options)).replaceAll(fleet.folder, '/home/me');
    // How long certificates are still valid changes by the day.
    golden(`output ${name}`, text);
  });

test('no transcript is left over', () => {
  const left = readdirSync(folder).filter((file) => !written.has(file));
  assert.deepEqual(left, []);
});
