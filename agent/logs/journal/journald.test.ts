import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

function whyNot(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/lib/systemd/systemd-journald')) return 'needs systemd-journald';
  try {
    execFileSync('unshare', ['-m', '--propagation', 'private', 'mount', '-t', 'tmpfs', 'x', '/run'], {
      stdio: 'ignore',
    });
    return false;
  } catch {
    return 'mount namespaces are not allowed here';
  }
}

/** What a program of ../testing/ prints that runs in a mount namespace of its own. */
async function inNamespace(program: string): Promise<string> {
  const child = join(import.meta.dirname, '../testing', program);
  const args = ['-m', '--propagation', 'private', process.execPath, child, readlinkSync('/proc/self/ns/mnt')];
  return (await promisify(execFile)('unshare', args, { timeout: 120_000 })).stdout;
}

test('files that are vacuumed while two reads follow: what was lost is told, and all that is left comes', {
  skip: whyNot(),
}, async () => {
  const stdout = await inNamespace('journald-vacuum-child.ts');
  const same = { gapsAtEnd: 0, lost: true, told: true, untold: 0, missed: 0, twice: 0, last: true };
  assert.deepEqual(JSON.parse(stdout), [same, same], stdout);
});

test('a real journald that rotates is followed with fifty breaks: none lost, none twice', {
  skip: whyNot(),
}, async () => {
  const stdout = await inNamespace('journald-child.ts');
  const report = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(
    { ...report, breaks: Number(report.breaks) > 40, files: Number(report.files) > 1 },
    {
      inJournal: 3000,
      count: 3000,
      wrong: -1,
      around: report.around,
      breaks: true,
      gaps: [],
      files: true,
      unavailable: '',
      tail: 5,
      identifier: 'counter',
      transport: 'stdout',
      priority: 4,
    },
    stdout,
  );
});
