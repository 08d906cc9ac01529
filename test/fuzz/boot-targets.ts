/** Readers of what boot loaders leave: GRUB's environment block, and names and texts of systemd-boot's entries. */

import assert from 'node:assert/strict';
import {
  formatEntry,
  formatEntryName,
  parseEntry,
  parseEntryName,
} from '../../agent/upgrade/boot/boot-entry.ts';
import { fullCommandLine } from '../../agent/upgrade/boot/deployment.ts';
import {
  DamagedEnvironment,
  decodeEnvironment,
  encodeEnvironment,
  type GrubEnvironment,
  type GrubSlot,
} from '../../agent/upgrade/boot/grub-environment.ts';
import { below, damaged, type FuzzTarget, type Random } from './target.ts';

const HEALTH = ['empty', 'invalid', 'armed', 'good', 'bad'] as const;
const ID = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-';

function text(random: Random, alphabet: string, longest: number): string {
  return Array.from(
    { length: below(random, longest + 1) },
    () => alphabet[below(random, alphabet.length)],
  ).join('');
}

function environment(random: Random): GrubEnvironment {
  const slot = (): GrubSlot => ({
    ...{ ok: random() < 0.5, tried: below(random, 4), health: HEALTH[below(random, HEALTH.length)] ?? 'bad' },
    ...{ deployId: text(random, ID, 36), serial: below(random, 2 ** 32) },
  });
  return {
    sequence: below(random, 2 ** 32),
    first: random() < 0.5 ? 'a' : 'b',
    slots: { a: slot(), b: slot() },
  };
}

/** All but the tries, which GRUB changes and no sum covers. */
function fixed({ sequence, first, slots }: GrubEnvironment): unknown {
  return { sequence, first, a: { ...slots.a, tried: 0 }, b: { ...slots.b, tried: 0 } };
}

const block: FuzzTarget = {
  name: 'grub environment',
  run(random) {
    const whole = environment(random);
    const bytes = encodeEnvironment(whole);
    assert.deepEqual(decodeEnvironment(bytes), whole);
    const other = damaged(random, bytes);
    try {
      const read = decodeEnvironment(other);
      // Damage in the filling of one kind with what was there is none; another number of tries is one.
      assert.deepEqual(fixed(read), fixed(whole), `accepted ${JSON.stringify(other.toString('latin1'))}`);
      assert.ok([read.slots.a, read.slots.b].every(({ tried }) => tried >= 0 && tried <= 3));
    } catch (error) {
      if (!(error instanceof DamagedEnvironment)) throw error;
    }
  },
};

/** The counter of a name as systemd-bless-boot takes it: of the last + that digits follow up to the suffix. */
function counterOf(name: string): { left: number; done: number } | undefined {
  const stem = name.slice(0, -'.conf'.length);
  const [left = '', done, ...more] = stem.slice(stem.lastIndexOf('+') + 1).split('-');
  const isNumber = (digits: string) => digits !== '' && [...digits].every((one) => one >= '0' && one <= '9');
  if (!stem.includes('+') || more.length > 0 || !isNumber(left) || (done !== undefined && !isNumber(done)))
    return undefined;
  return { left: Number(left), done: Number(done ?? 0) };
}

const names: FuzzTarget = {
  name: 'entry name',
  run(random) {
    const slot = random() < 0.5 ? 'a' : 'b';
    const counted =
      random() < 0.8 ? { left: below(random, 0x1_0000), done: below(random, 0x1_0000) } : { done: 0 };
    const name = formatEntryName({ slot, ...counted });
    assert.deepEqual(parseEntryName(name), { slot, ...counted });
    const other =
      random() < 0.5
        ? damaged(random, Buffer.from(name)).toString('latin1')
        : `nodectl-${text(random, 'ab+-0123456789.conf', 12)}.conf`;
    const read = parseEntryName(other);
    if (!read) return;
    assert.ok(other.startsWith(`nodectl-${read.slot}`) && other.endsWith('.conf'), other);
    const expected = counterOf(other);
    assert.equal(read.left, expected?.left, other);
    assert.equal(read.done, expected?.done ?? 0, other);
    assert.deepEqual(parseEntryName(formatEntryName(read)), read, other);
  },
};

const entries: FuzzTarget = {
  name: 'entry text',
  run(random) {
    const slot = random() < 0.5 ? 'a' : 'b';
    const deployId = `d${text(random, ID, 35)}`;
    const entry = {
      ...({ slot, deployId, serial: below(random, 2 ** 32), initrd: random() < 0.5 } as const),
      title: `nodectl ${text(random, ID, 20)}!`,
      options: fullCommandLine(slot, 'PARTUUID=0-1', deployId, text(random, 'abc =.,', 30)),
    };
    const bytes = formatEntry(entry);
    assert.deepEqual(parseEntry(bytes), entry);
    const other = damaged(random, bytes);
    const read = parseEntry(other);
    // What is accepted is exactly what would be written for it.
    if (read) assert.deepEqual(formatEntry(read), other);
  },
};

/** The readers of agent/upgrade/boot. */
export const BOOT_TARGETS: readonly FuzzTarget[] = [block, names, entries];
