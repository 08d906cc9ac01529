/** Facts of a machine, read from a folder that stands in for it. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { LiveMachine } from './live-machine.ts';
import { prettyName, SystemReader } from './system.ts';

test('facts come from the machine’s files, and what is missing is empty', () => {
  const root = mkdtempSync(join(tmpdir(), 'nodectl-system-'));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('proc/sys/kernel/osrelease', '6.1.0-28-amd64\n');
  put('proc/sys/kernel/version', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)\n');
  put('proc/sys/kernel/arch', 'x86_64\n');
  put('proc/sys/kernel/hostname', 'web-1\n');
  put('proc/sys/kernel/random/boot_id', '0C8A2C4E-6f1b-4d4e-9a39-0b1c2d3e4f50\n');
  put('proc/uptime', '1234.56 9999.00\n');
  put('usr/lib/os-release', 'NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n');
  const reader = new SystemReader(new LiveMachine(root));
  assert.deepEqual(reader.facts(), {
    kernel: '6.1.0-28-amd64',
    kernelBuild: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)',
    machine: 'x86_64',
    os: 'Debian GNU/Linux 12 (bookworm)',
    // As `nodectl logs --boot` takes it.
    bootId: '0c8a2c4e6f1b4d4e9a390b1c2d3e4f50',
    machineId: '',
  });
  assert.deepEqual([reader.hostname(), reader.uptimeSeconds()], ['web-1', 1234.56]);
  put('proc/sys/kernel/hostname', 'renamed\n');
  assert.equal(reader.hostname(), 'renamed');
  const empty = new SystemReader(new LiveMachine(join(root, 'nothing')));
  assert.deepEqual([empty.hostname(), empty.uptimeSeconds(), empty.facts().os], ['', 0, '']);
  rmSync(root, { recursive: true });
});

test('this machine’s kernel is the one that the system reports', () => {
  assert.equal(new SystemReader(new LiveMachine()).facts().kernel, release());
});

test('os-release values with and without quotes', () => {
  assert.equal(prettyName('PRETTY_NAME=Alpine\n'), 'Alpine');
  assert.equal(prettyName("PRETTY_NAME='A b'\n"), 'A b');
  assert.equal(prettyName('PRETTY_NAME="A \\"b\\" \\$c"\n'), 'A "b" $c');
  assert.equal(prettyName('NAME=x'), '');
});
