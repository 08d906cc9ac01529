/** A captured machine whose folders are links: what they lead to is read where it is part of the capture, and nowhere else. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from './captured-machine.ts';

test('a folder that is a link to this machine’s own has nothing of the captured one', () => {
  const top = mkdtempSync(join(tmpdir(), 'nodectl-captured-'));
  try {
    for (const place of ['own', 'machine/kept']) {
      mkdirSync(join(top, place, 'pressure'), { recursive: true });
      writeFileSync(join(top, place, 'pressure', 'cpu'), 'some avg10=0.00\n');
      symlinkSync('cpu', join(top, place, 'pressure', 'link'));
    }
    symlinkSync(join(top, 'own'), join(top, 'machine', 'proc'));
    symlinkSync('kept', join(top, 'machine', 'run'));
    const machine = new CapturedMachine(join(top, 'machine'));
    assert.equal(machine.has('/proc/pressure'), false);
    assert.equal(machine.has('/proc/pressure/cpu'), false);
    assert.deepEqual(machine.list('/proc/pressure'), []);
    assert.equal(machine.text('/proc/pressure/cpu'), undefined);
    assert.equal(machine.link('/proc/pressure/link'), undefined);
    assert.equal(machine.has('/run/pressure/cpu'), true);
    assert.equal(machine.text('/run/pressure/cpu')?.trim(), 'some avg10=0.00');
    assert.equal(machine.link('/run/pressure/link'), 'cpu');
  } finally {
    rmSync(top, { recursive: true });
  }
});
