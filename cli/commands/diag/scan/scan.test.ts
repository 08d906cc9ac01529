/** `nodectl diag scan`: files of any kind, statuses, and what is an effect of something else. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { tarEnd, tarEntry } from '../../../bundle/tar.ts';
import { runCli } from '../../../testing/run.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-scan-'));
});
after(() => rmSync(folder, { recursive: true }));

const HANG = '[   12.345678] INFO: task sync:99 blocked for more than 120 seconds.\n';
const OOPS = '[   13.0] BUG: kernel NULL pointer dereference, address: 0000000000000008\n';

const DOWN = (host: string) =>
  `Nov  2 15:04:01 ${host} kernel: igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Down\n`;
const CRASH = (host: string) =>
  `Nov  2 15:04:02 ${host} kernel: BUG: kernel NULL pointer dereference, address: 0000000000000008\n`;

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Line {
  line: number;
  signature: string;
  severity: string;
  device: string | null;
  uptimeSeconds?: number;
}

async function lines(path: string): Promise<Line[]> {
  const { stdout } = await runCli(['diag', 'scan', path, '-o', 'jsonl']);
  return stdout
    .trimEnd()
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => JSON.parse(one) as Line);
}

test('the status says how bad it is', async () => {
  const statusOf = async (name: string, text: string) =>
    (await runCli(['diag', 'scan', file(name, text)])).status;
  assert.equal(await statusOf('none', 'all is well\n'), 0);
  assert.equal(await statusOf('empty', ''), 0);
  assert.equal(await statusOf('info', '[ 1.0] igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Down\n'), 0);
  assert.equal(await statusOf('warning', HANG), 10);
  assert.equal(await statusOf('critical', HANG + OOPS), 11);
  assert.equal((await runCli(['diag', 'scan', folder])).status, 2);
  assert.equal((await runCli(['diag', 'scan'])).status, 2);
});

test('an object for each line, of text and of packed files', async () => {
  const text = `first\n${HANG}${OOPS}`;
  for (const [name, content] of [
    ['plain', text],
    ['log.gz', gzipSync(text)],
    ['log.zst', zstdCompressSync(text)],
  ] as const) {
    const found = await lines(file(name, content));
    assert.deepEqual(
      found.map(({ line, signature, severity, device, uptimeSeconds }) => [
        ...[line, signature, severity, device, uptimeSeconds],
      ]),
      [
        [2, 'kernel-log.hung-task', 'warning', 'sync:99', 12.345678],
        [3, 'kernel-log.oops-null', 'critical', null, 13],
      ],
    );
  }
});

test('a packed file that is cut off is an error, after what could be read', async () => {
  const packed = gzipSync(HANG.repeat(100_000));
  const { status, stdout, stderr } = await runCli([
    ...['diag', 'scan', file('cut.gz', packed.subarray(0, packed.length - 30)), '-o', 'jsonl'],
  ]);
  assert.equal(status, 2);
  assert.match(stderr, /cut\.gz cannot be read: unexpected end of file/);
  assert.ok(stdout.includes('kernel-log.hung-task'));
});

test('standard input', () => {
  const main = join(import.meta.dirname, '..', '..', '..', 'nodectl.ts');
  const { status, stdout } = spawnSync(process.execPath, [main, 'diag', 'scan', '-', '-o', 'jsonl'], {
    input: HANG,
    encoding: 'utf8',
  });
  assert.equal(status, 10);
  assert.match(stdout, /^\{"line":1,"signature":"kernel-log\.hung-task"/);
});

test('a trouble that another one explains is told with it, on the same device alone', async () => {
  const log =
    'nvme nvme0: I/O 12 QID 3 timeout, aborting\n' +
    'I/O error, dev nvme0n1, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2\n' +
    'I/O error, dev nvme1n1, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2\n';
  const { stdout } = await runCli(['diag', 'scan', file('effects', log)]);
  const heads = stdout.split('\n').filter((one) => /^(?:critical|warning|info)/.test(one));
  assert.deepEqual(heads, [
    'critical nvme0: An NVMe drive does not answer commands in time',
    'critical nvme1n1: A drive reports errors',
  ]);
  assert.match(stdout, /^ {2}with it: nvme0n1 kernel-log\.io-error \(1\)$/m);
});

test('a log of ten million bytes is read in bounded memory', () => {
  const path = file('long', HANG.repeat(150_000));
  const main = join(import.meta.dirname, '..', '..', '..', 'nodectl.ts');
  const out = execFileSync(
    'sh',
    ['-c', '"$0" --max-old-space-size=24 "$1" diag scan "$2" -o jsonl | wc -l', process.execPath, main, path],
    { encoding: 'utf8' },
  );
  assert.equal(Number(out), 150_000);
});

test('what is no text is refused, zero bytes are told, and an empty file is told as that', async () => {
  const scan = (name: string, content: string | Buffer) => runCli(['diag', 'scan', file(name, content)]);
  for (const [name, content, words] of [
    ['wide', Buffer.from(HANG, 'utf16le'), /a text in UTF-16/],
    ['zip', 'PK\x03\x04 and more', /an archive of zip/],
    ['binary', Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7) % 256)), /is no text/],
    [
      'tar',
      Buffer.concat([...tarEntry({ path: 'a', bytes: Buffer.from(HANG), modifiedMs: 0 }), tarEnd()]),
      /an archive of tar/,
    ],
  ] as const) {
    const { status, stderr } = await scan(name, content);
    assert.match(stderr, words);
    assert.equal(status, 2, name);
  }
  const zeros = await scan('zeros', `first\n${'\0'.repeat(4_096)}${HANG}`);
  assert.equal(zeros.status, 10);
  assert.match(zeros.stderr, /4,096 zero bytes/);
  assert.match(zeros.stderr, /1 of 2 lines was recognised/);
  assert.match((await scan('empty', '')).stderr, /it is empty/);
  const absent = await runCli(['diag', 'scan', join(folder, 'absent')]);
  assert.equal(absent.status, 2);
  assert.match(absent.stderr, /absent cannot be read: there is no such file or folder \[BAD_ARGUMENT\]/);
});

test('machines are told apart in the log of a collector, and what several have is told once', async () => {
  const log = [
    ...[1, 2, 3].map(
      (at) => `Nov  2 15:04:0${at} web${at} kernel: nvme nvme0: I/O 12 QID 3 timeout, aborting`,
    ),
    'Nov  2 15:04:07 web2 kernel: I/O error, dev nvme0n1, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2',
    // What web2 has explains nothing of another machine.
    'Nov  2 15:04:08 db7 kernel: I/O error, dev nvme0n1, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2',
    '2026-11-02T15:04:09Z db7 kern.warning kernel: INFO: task sync:99 blocked for more than 120 seconds.',
    '{"MESSAGE":"Out of memory: Killed process 9 (a) total-vm:1kB, anon-rss:1kB","_TRANSPORT":"kernel","_HOSTNAME":"db8"}',
  ].join('\n');
  const path = file('collector', log);
  const { stdout, stderr } = await runCli(['diag', 'scan', path]);
  const heads = stdout.split('\n').filter((one) => /^(?:critical|warning|info)/.test(one));
  assert.deepEqual(heads, [
    'critical web2 nvme0: An NVMe drive does not answer commands in time',
    'critical db7 nvme0n1: A drive reports errors',
    'critical db8: Memory ran out and a process was killed',
    'warning web[1,3] nvme0: An NVMe drive does not answer commands in time',
  ]);
  assert.match(stderr, /on 5 hosts\.$/m);
  const wide = await runCli(['diag', 'scan', path, '-o', 'wide']);
  assert.match(wide.stdout, /^HOST/);
  assert.match(
    (await runCli(['diag', 'scan', path, '-o', 'jsonl'])).stdout,
    /"device":"nvme0","host":"web3",/,
  );
  // One machine's log needs no name, and lines that name none are its own.
  const one = file(
    'one-host',
    `[ 1.0] ${log.split('\n').slice(3, 4).join('').split('kernel: ')[1]}\n${log.split('\n')[3]}\n`,
  );
  const single = await runCli(['diag', 'scan', one]);
  assert.match(single.stdout, /^critical nvme0n1: A drive reports errors\n {2}2 times/);
});

test('a trouble of more machines than a head has room for lists them below it, bounded', async () => {
  const of = (count: number) =>
    Array.from(
      { length: count },
      (_, at) =>
        `Nov  2 15:04:01 ${String.fromCharCode(97 + (at % 26))}-${at}-x${at * 7}q kernel: INFO: task sync:99 blocked for more than 120 seconds.`,
    ).join('\n');
  const { stdout } = await runCli(['diag', 'scan', file('many-hosts', of(300))]);
  assert.match(stdout, /^warning 300 hosts: A task is blocked in the kernel\n {2}300 times.*\n {2}on a-/);
  assert.match(stdout, /and 2\d\d more$/m);
  // Ranges stay as -n takes them.
  const odd = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29].map(
    (at) => `Nov  2 15:04:01 web${at} kernel: INFO: task sync:99 blocked for more than 120 seconds.`,
  );
  const ranges = await runCli(['diag', 'scan', file('odd-hosts', odd.join('\n'))]);
  assert.match(ranges.stdout, /^ {2}on web\[1,3,5,7,9,11,13,15,17,19,21,23,25,27,29\]$/m);
});

test('however many machines and devices a log has, what one of them has is told, and in the status', async () => {
  const path = file(
    'full',
    `${Array.from({ length: 2_001 }, (_, at) => DOWN(`h${at}`)).join('')}${CRASH('last')}`,
  );
  const { status, stdout, stderr } = await runCli(['diag', 'scan', path]);
  assert.equal(status, 11);
  assert.match(stdout, /^critical: The kernel crashed on a null pointer$/m);
  assert.match(stderr, /^2002 of 2002 lines were recognised: 1 critical, 2001 info, on 2000 hosts\.$/m);
  assert.match(stderr, /2 lines of further devices and machines/);
  const json = await runCli(['diag', 'scan', path, '-o', 'json']);
  assert.equal(json.status, 11);
  assert.equal((JSON.parse(json.stdout) as { unnamed: number }).unnamed, 2);
});

test('what was found in a log before it could not be read any further is told, and a critical counts', async () => {
  const cut = (text: string) => gzipSync(text.repeat(50_000)).subarray(0, -30);
  const warned = await runCli(['diag', 'scan', file('cut-warning.gz', cut(HANG))]);
  assert.equal(warned.status, 2);
  assert.match(warned.stdout, /^warning: A task is blocked/);
  assert.match(warned.stderr, /^error: .*cut-warning\.gz cannot be read: unexpected end of file/m);
  const path = file('cut-critical.gz', cut(OOPS));
  const critical = await runCli(['diag', 'scan', path]);
  assert.equal(critical.status, 11);
  assert.match(critical.stdout, /^critical: The kernel crashed/);
  assert.match(critical.stderr, /^error: .*cut-critical\.gz cannot be read: unexpected end of file/m);
  const json = await runCli(['diag', 'scan', path, '-o', 'json']);
  assert.match(JSON.parse(json.stdout).incomplete, /unexpected end of file/);
  assert.match(JSON.parse(json.stderr).error.message, /unexpected end of file/);
  assert.equal(json.status, 11);
  assert.equal(
    JSON.parse((await runCli(['diag', 'scan', file('whole', HANG), '-o', 'json'])).stdout).incomplete,
    undefined,
  );
});

test('zeros of any length before a log are left out, and zeros alone are no log', async () => {
  // A program that writes on where it was, when its log was cut to nothing.
  const { status, stderr } = await runCli([
    'diag',
    'scan',
    file('cut-to-nothing', `${'\0'.repeat(200_000)}${OOPS}`),
  ]);
  assert.equal(status, 11);
  assert.match(stderr, /200,000 zero bytes/);
  const zeros = await runCli(['diag', 'scan', file('only-zeros', '\0'.repeat(200_000))]);
  assert.equal(zeros.status, 2);
  assert.match(zeros.stderr, /is no text/);
});

test('lines that end in carriage returns alone are lines', async () => {
  for (const [name, text, count] of [
    ['mac', `first\r${HANG}${OOPS}`.replaceAll('\n', '\r'), 3],
    ['mac-fed', `${`first\r${HANG}${OOPS}`.trimEnd().replaceAll('\n', '\r')}\n`, 3],
    ['dos', `first\n${HANG}${OOPS}`.replaceAll('\n', '\r\n'), 3],
    ['console', `first\n${HANG}${OOPS}`.replaceAll('\n', '\r\r\n'), 3],
    ['turned', `first\n${HANG}${OOPS}`.replaceAll('\n', '\n\r'), 3],
    ['long', `${`${'x'.repeat(60)}\r`.repeat(5_000)}${OOPS}`, 5_001],
  ] as const) {
    const { status, stderr } = await runCli(['diag', 'scan', file(name, text)]);
    assert.equal(status, 11, name);
    assert.match(stderr, new RegExp(`of ${count} lines`), name);
  }
});
