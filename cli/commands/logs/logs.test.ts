import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Channel, ChannelTarget } from '../../../proto/call/channel.ts';
import { Failure } from '../../../proto/failure.ts';
import type { LogRequest } from '../../logs/stream.ts';
import { batchBytes, eventBytes, type TestRecord } from '../../logs/testing.ts';
import { newSession } from '../../new-session.ts';
import { Terminal } from '../../output/terminal.ts';
import { parseCommandLine } from '../../program.ts';
import { DMESG } from '../dmesg/command.ts';
import { LOGS } from './command.ts';

const T = Date.parse('2026-08-02T10:05:03Z') * 1_000;
const folder = mkdtempSync(join(tmpdir(), 'nodectl-logs-test-'));
after(() => rmSync(folder, { recursive: true }));
const config = join(folder, 'config.yaml');
const pem = (what: string) => `"-----BEGIN ${what}-----\\nAAAA\\n-----END ${what}-----\\n"`;
writeFileSync(
  config,
  `current: lab
contexts:
  lab:
    trust: ${pem('CERTIFICATE')}
    credential: "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n"
    nodes:
      - { name: web-1, addresses: ["127.0.0.1:1"] }
      - { name: web-2, addresses: ["127.0.0.1:2"] }
      - { name: down, addresses: ["127.0.0.1:3"] }
`,
  { mode: 0o600 },
);

type Read = (request: LogRequest, signal: AbortSignal) => AsyncIterable<Buffer>;

/** What each node answers. */
interface Fleet {
  read?: Record<string, Read>;
  sources?: object[];
}

interface Outcome {
  status: number;
  out: string;
  err: string;
  opened: ChannelTarget[];
  requests: Record<string, LogRequest>;
}

class FakeStream {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 80;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(bytes: string | Uint8Array): boolean {
    this.text += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
    return true;
  }
  once(): void {}
  on(): void {}
}

async function nodectl(
  argv: string[],
  fleet: Fleet = {},
  options: { tty?: boolean; stop?: (out: () => string) => Promise<unknown> } = {},
): Promise<Outcome> {
  const stdout = new FakeStream(options.tty ?? false);
  const stderr = new FakeStream(false);
  const env = { NODECTL_CONFIG: config, NO_COLOR: '1' };
  const terminal = new Terminal({ stdout, stderr, env });
  const opened: ChannelTarget[] = [];
  const requests: Record<string, LogRequest> = {};
  const open = async (target: ChannelTarget): Promise<Channel> => {
    opened.push(target);
    const name = target.expect.name ?? '';
    const read = fleet.read?.[name];
    if (!read && !fleet.sources)
      throw new Failure('CONNECTION_REFUSED', `nothing listens at ${target.address}`);
    return {
      unary: async () => ({ sources: fleet.sources }),
      serverStream: () => [],
      serverStreamBytes: (_method: string, request: LogRequest, limits: { signal: AbortSignal }) => {
        requests[name] = request;
        return read?.(request, limits.signal);
      },
      close: () => {},
    } as unknown as Channel;
  };
  const stop = new AbortController();
  void options.stop?.(() => stdout.text).then(() => stop.abort());
  try {
    const asked = await parseCommandLine([LOGS, DMESG], argv);
    assert.ok(asked.kind === 'run');
    const { parsed } = asked;
    const session = newSession({ ...parsed, terminal, env, signal: stop.signal, open });
    const status = (await (await parsed.command.load?.())?.run(session)) ?? 0;
    return { status, out: stdout.text, err: stderr.text, opened, requests };
  } catch (error) {
    const { reason, message, hint } = Failure.from(error);
    return { status: -1, out: stdout.text, err: `${reason}: ${message} | ${hint}`, opened, requests };
  }
}

const START = { start: { source: 'journal', node: 'n' } };
const END = { end: { records: 1, cursor: 't:z' } };

/** A node that sends these records and ends. */
function sends(records: TestRecord[], source = 'journal'): Read {
  return async function* () {
    yield eventBytes({ start: { source } });
    yield batchBytes(records);
    yield eventBytes(END);
  };
}

const sshd = { identifier: 'sshd', pid: 7 };
const FLEET: Fleet = {
  read: {
    'web-1': sends([
      { time: T, message: 'one', origin: sshd },
      { time: T + 2, message: 'three', origin: sshd },
    ]),
    'web-2': sends([{ time: T + 1, message: 'two', origin: sshd }]),
  },
};

test('one node has no prefix, several have theirs and are merged', async () => {
  const one = await nodectl(['logs', 'sshd', '-n', 'web-1', '--utc'], FLEET);
  assert.equal(one.out, 'Aug 02 10:05:03 sshd[7]: one\nAug 02 10:05:03 sshd[7]: three\n');
  assert.deepEqual([one.status, one.err, one.requests['web-1']?.source], [0, '', 'sshd']);
  const two = await nodectl(['logs', '-n', 'web-1,web-2', '--utc'], FLEET);
  assert.equal(
    two.out,
    'web-1: Aug 02 10:05:03 sshd[7]: one\nweb-2: Aug 02 10:05:03 sshd[7]: two\nweb-1: Aug 02 10:05:03 sshd[7]: three\n',
  );
  const bare = await nodectl(['logs', '-n', 'web-[1-2]', '--utc', '--no-prefix', '-o', 'raw'], FLEET);
  assert.equal(bare.out, 'one\ntwo\nthree\n');
  const lines = (await nodectl(['logs', '-n', 'web-[1-2]', '-o', 'jsonl'], FLEET)).out.trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).node),
    ['web-1', 'web-2', 'web-1'],
  );
});

test('a node that cannot be reached is reported, the others are shown, and the status is 3', async () => {
  const { status, out, err } = await nodectl(['logs', '--all', '-o', 'raw'], FLEET);
  assert.equal(out, 'one\ntwo\nthree\n');
  assert.equal(status, 3);
  assert.match(err, /^error: down: nothing listens at 127\.0\.0\.1:3 \[CONNECTION_REFUSED\]\n/);
  assert.match(err, /\nresume: nodectl logs --all --output raw --resume \S+\n$/);
});

test('where no node can be reached the status says so', async () => {
  const { status, out, err } = await nodectl(['logs', 'a', 'b', '-n', 'down'], FLEET);
  assert.deepEqual([status, out], [5, '']);
  assert.equal(err.match(/error:/g)?.length, 1);
});

test('the resume line goes on where the read stopped, on the nodes and sources of its cursor', async () => {
  const first = await nodectl(['logs', '-n', 'web-1,down', '-o', 'raw'], FLEET);
  const cursor = /--resume (\S+)\n/.exec(first.err)?.[1] ?? '';
  const second = await nodectl(['logs', '--resume', cursor, '-o', 'raw', '--show-cursor'], FLEET);
  assert.deepEqual([second.status, second.opened.length, second.requests['web-1']?.cursor], [0, 1, 't:z']);
  assert.match(second.err, /^resume: nodectl logs --output raw --resume \S+\n$/);
  const other = await nodectl(['logs', '--resume', cursor, '-n', 'web-2'], FLEET);
  assert.match(other.err, /^BAD_CURSOR: .*belongs to other nodes/);
  assert.equal(other.opened.length, 0);
});

test('an interrupted follow ends with 130 and says how to go on', async () => {
  const follow: Read = async function* (_request, signal) {
    yield eventBytes(START);
    yield batchBytes([{ time: T, message: 'hello', origin: sshd }]);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const shown = async (out: () => string) => {
    while (!out().includes('hello')) await wait(5);
  };
  const { status, err, requests } = await nodectl(
    ['logs', '-f', '-n', 'web-1,down'],
    { read: { 'web-1': follow } },
    { stop: shown },
  );
  assert.equal(status, 130);
  assert.match(err, /^error: down: .*\nresume: nodectl logs --follow --node web-1,down --resume \S+\n$/);
  assert.deepEqual([requests['web-1']?.tail, requests['web-1']?.follow], [10, true]);
});

test('a broken stream is opened again and told', async () => {
  let reads = 0;
  const read: Read = async function* () {
    yield eventBytes(START);
    yield batchBytes([{ time: T + reads, message: `part ${++reads}` }], {}, reads);
    if (reads === 1) throw new Failure('CONNECTION_LOST', 'the connection ended');
    yield eventBytes(END);
  };
  const { status, out, err } = await nodectl(['logs', '-n', 'web-1', '-o', 'raw'], {
    read: { 'web-1': read },
  });
  assert.deepEqual([status, out], [0, 'part 1\npart 2\n']);
  assert.match(
    err,
    /^nodectl: web-1: lost: the connection ended; trying again\nnodectl: web-1: back after 0\.\d s, going on where it broke off\n$/,
  );
  reads = 0;
  const once = await nodectl(['logs', '-n', 'web-1', '-o', 'raw', '--retry-for', '0'], {
    read: { 'web-1': read },
  });
  assert.deepEqual([once.status, once.out], [5, 'part 1\n']);
});

test('what is wrong on the command line is refused before anything is opened', async () => {
  const cases: [string[], RegExp][] = [
    [['logs', '-n', 'wbe-1'], /^UNKNOWN_NODE: .*wbe-1 \| did you mean "web-1"\?$/],
    [['logs'], /^NO_TARGET: /],
    [
      ['logs', '-n', 'web-1', '--since', 'sometime'],
      /^BAD_TIME: "sometime" after --since is not a time \| write 10m/,
    ],
    [['logs', '-n', 'web-1', '--since', '1h', '--until', '2h'], /^BAD_TIME: /],
    [['logs', '-n', 'web-1', '-g', '['], /^BAD_PATTERN: /],
    [['logs', '-n', 'web-1', '-p', 'loud'], /^BAD_ARGUMENT: "loud".*not a priority/],
    [['logs', '-n', 'web-1', '-t', 'web-2'], /^BAD_ARGUMENT: .*nodes are chosen with -n/],
    [['logs', '-n', 'web-1', '-o', 'josn'], /^BAD_ARGUMENT: .* \| did you mean "json"\?$/],
    [['logs', '-n', 'web-1', '--resume', 'xyz'], /^BAD_CURSOR: /],
    [['logs', '-n', 'web-1', '--retry-for', 'long'], /^BAD_ARGUMENT: .*--retry-for/],
    [['logs', '-n', 'web-1', ''], /^BAD_ARGUMENT: "" is not the name of a unit or source/],
    [['logs', '-n', 'web-1', '-b', 'last'], /^BAD_ARGUMENT: .*--boot/],
    [['logs', '-n', 'web-1', '--folow'], /^BAD_ARGUMENT: unknown option .*--folow.*did you mean .*--follow/],
    [['logs', 'sshd', '-n', 'web-1', '--list'], /^BAD_ARGUMENT: --list shows every source/],
    [['logs', '-n', 'web-1', '--list', '-o', 'text'], /^BAD_ARGUMENT: "text" is not an output format/],
    [['dmesg', '-n', 'web-1', '--level', 'err..'], /^BAD_ARGUMENT: .*not a priority/],
    [['dmesg', 'sshd', '-n', 'web-1'], /^BAD_ARGUMENT: /],
  ];
  for (const [argv, expected] of cases) {
    const { status, err, opened } = await nodectl(argv, FLEET);
    assert.equal(status, -1, argv.join(' '));
    assert.match(err, expected);
    assert.equal(opened.length, 0);
  }
});

test('--list shows the sources of each node and why one cannot be read', async () => {
  const sources = [
    {
      name: 'file/app',
      kind: 'LOG_SOURCE_KIND_FILE',
      description: '/var/log/app.log',
      isDefault: false,
      unavailable: '',
      bytes: 4_404_019,
    },
    {
      name: 'journal',
      kind: 'LOG_SOURCE_KIND_JOURNAL',
      description: 'the systemd journal',
      isDefault: true,
      unavailable: '',
      bytes: 0,
    },
    {
      name: 'kernel',
      kind: 'LOG_SOURCE_KIND_KERNEL',
      description: '/dev/kmsg',
      isDefault: false,
      unavailable: 'not permitted',
      bytes: 0,
    },
  ];
  const table = await nodectl(['logs', '--list', '-n', 'web-1'], { sources });
  assert.equal(
    table.out,
    `NODE   SOURCE             KIND        SIZE  DESCRIPTION
web-1  file/app           file     4.2 MiB  /var/log/app.log
web-1  journal (default)  journal        -  the systemd journal
web-1  kernel             kernel         -  /dev/kmsg; cannot be read: not permitted
`,
  );
  const json = JSON.parse((await nodectl(['logs', '--list', '-n', 'web-1', '-o', 'json'], { sources })).out);
  assert.deepEqual(json.items[2], {
    node: 'web-1',
    name: 'kernel',
    kind: 'kernel',
    default: false,
    bytes: null,
    description: '/dev/kmsg',
    unavailable: 'not permitted',
  });
});

test('dmesg asks for the kernel, takes levels as dmesg does, and shows its times in three ways', async () => {
  const fields = { _SOURCE_MONOTONIC_TIMESTAMP: Buffer.from('12345678'), SYSLOG_FACILITY: Buffer.from('0') };
  const fleet = {
    read: { 'web-1': sends([{ time: T, message: 'eth0: link down', priority: 4, fields }], 'kernel') },
  };
  const plain = await nodectl(['dmesg', '-n', 'web-1', '--level', 'err,warning', '--utc'], fleet);
  assert.equal(plain.requests['web-1']?.source, 'kernel');
  assert.deepEqual(plain.requests['web-1']?.priorities, [3, 4]);
  assert.deepEqual(plain.requests['web-1']?.fields, []);
  const decoded = await nodectl(['dmesg', '-n', 'web-1', '-x', '--raw-times'], fleet);
  assert.equal(decoded.out, '[   12.345678] kern.warning: eth0: link down\n');
  assert.deepEqual(decoded.requests['web-1']?.fields, ['_SOURCE_MONOTONIC_TIMESTAMP', 'SYSLOG_FACILITY']);
  const iso = await nodectl(['dmesg', '-n', 'web-1', '-o', 'iso', '--utc', '-f'], fleet);
  assert.match(iso.out, /^2026-08-02T10:05:03\.000000Z kernel: eth0: link down/);
  assert.equal(iso.requests['web-1']?.tail, undefined);
});

test('a terminal gets escapes made visible, and a gap in its place', async () => {
  const read: Read = async function* () {
    yield eventBytes({ start: { source: 'file/app' } });
    yield batchBytes([{ time: T, message: 'a\x1b[2Jb' }]);
    yield eventBytes({ gap: { records: 3, detail: 'the file was truncated before it was read' } });
    yield eventBytes(END);
  };
  const { out, err } = await nodectl(
    ['logs', 'app', '-n', 'web-1'],
    { read: { 'web-1': read } },
    { tty: true },
  );
  assert.equal(
    out,
    'a\\x1b[2Jb\n-- web-1, file/app: 3 records lost here: the file was truncated before it was read --\n',
  );
  assert.equal(err, '');
  const piped = await nodectl(['logs', 'app', '-n', 'web-1'], { read: { 'web-1': read } });
  assert.deepEqual([piped.out, piped.err.split(':')[0]], ['a\x1b[2Jb\n', 'nodectl']);
});
