/** When an agent gives memory outside of V8's heap back, and that nothing comes of it where that is not possible. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnMemory } from '../host/own-memory.ts';
import { GivingBack } from './giving-back.ts';

const MIB = 1 << 20;
const MINUTE = 60_000;

/** A memory of which so many bytes are resident, and what was done with it. */
function memoryOf(resident: { bytes: number | undefined }, done: string[]): OwnMemory {
  return {
    fileBytes: () => resident.bytes,
    givePages: () => {
      done.push('pages');
      resident.bytes = 10 * MIB;
      return { mappings: 4, bytes: 100 * MIB };
    },
    trim: () => done.push('trim'),
  };
}

function logTo(lines: string[]) {
  const line = (_fields: object, message: string) => void lines.push(message);
  return { debug: line, info: line, warn: line, error: line };
}

test('pages are given back once after the start, then when many have come, and not all the time', () => {
  const done: string[] = [];
  const resident = { bytes: 50 * MIB };
  let now = 1_000;
  const giving = new GivingBack(
    logTo([]),
    () => memoryOf(resident, done),
    () => now,
  );
  const settled = (minutes: number, bytes: number) => {
    done.length = 0;
    now += minutes * MINUTE;
    resident.bytes = bytes;
    assert.equal(giving.before(), done.length > 0);
    giving.after();
    return done.join(' ');
  };
  assert.equal(settled(0, 50 * MIB), 'pages trim');
  assert.equal(settled(1, 50 * MIB), 'trim');
  assert.equal(settled(2, 25 * MIB), 'trim');
  assert.equal(settled(0, 30 * MIB), 'pages trim');
  assert.equal(settled(1, 50 * MIB), 'trim');
  assert.equal(settled(1, 50 * MIB), 'pages trim');
});

test('where it is not known what is resident, pages stay', () => {
  const done: string[] = [];
  const giving = new GivingBack(logTo([]), () => memoryOf({ bytes: undefined }, done));
  giving.before();
  giving.after();
  assert.deepEqual(done, ['trim']);
});

test('what fails is told once, and not tried again', () => {
  for (const failing of ['open', 'fileBytes', 'givePages', 'trim'] as const) {
    const lines: string[] = [];
    let tries = 0;
    const fail = () => {
      tries++;
      throw new Error('smaps has a line that is not known');
    };
    const memory = {
      ...memoryOf({ bytes: 50 * MIB }, []),
      ...(failing === 'open' ? {} : { [failing]: fail }),
    };
    const giving = new GivingBack(logTo(lines), failing === 'open' ? fail : () => memory);
    for (let times = 0; times < 3; times++) {
      giving.before();
      giving.after();
    }
    assert.equal(tries, 1, failing);
    assert.deepEqual(lines.slice(-1), ['no memory is given back from now on'], failing);
  }
});
