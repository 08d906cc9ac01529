/**
 * GRUB's environment block as the selector of packaging/boot/grub.cfg uses it: 1,024 bytes of "NAME=VALUE" lines behind a signature,
 * filled up with #. GRUB writes its two sectors one by one, so all that says anything is in the first; then a save is wholly done
 * or not at all. The names are those of RAUC's (ORDER, A_OK, A_TRY), so that `rauc status` can read it, and some of our own.
 *
 * GRUB checks nothing of it. SUM covers what GRUB never changes, which is all but the tries: so the agent can tell a damaged copy
 * from a whole one and put the other in its place.
 */

import { crc32 } from 'node:zlib';
import { otherSlot, SLOT_NAMES, type SlotName } from './backend.ts';
import { isDeployId } from './deployment.ts';

/** The length that GRUB's tools give the file. */
export const ENVIRONMENT_BYTES = 1_024;
const SIGNATURE = '# GRUB Environment Block\n';
/** What a disk writes in one piece. */
const SECTOR = 512;
/** Boots that the selector gives a slot; it has no arithmetic and knows 0, 1, 2 and 3. */
export const MOST_TRIES = 3;

const STATES = ['empty', 'invalid', 'armed', 'good', 'bad'] as const;

/** What the block says of a slot. */
export interface GrubSlot {
  /** Whether the selector takes it. */
  readonly ok: boolean;
  /** Boots since it was armed or last confirmed, 0 to 3; at 3 the selector takes the other one. */
  readonly tried: number;
  readonly health: (typeof STATES)[number];
  /** Its deployment, for nodectl.deploy=; empty where none is known. */
  readonly deployId: string;
  /** The deployment's serial; 0 where none is known. */
  readonly serial: number;
}

/** What the block says. */
export interface GrubEnvironment {
  /** Rises with each write of the agent's. */
  readonly sequence: number;
  /** The slot that is looked at first. */
  readonly first: SlotName;
  readonly slots: Readonly<Record<SlotName, GrubSlot>>;
}

/** A block that is not one that we wrote. The message says what is wrong with it. */
export class DamagedEnvironment extends Error {
  override readonly name = 'DamagedEnvironment';
}

/** Names and values, the tries apart: GRUB changes those. */
function fixed({ sequence, first, slots }: GrubEnvironment): [string, string][] {
  const own = (slot: SlotName): [string, string][] => {
    const { ok, health, deployId, serial } = slots[slot];
    const letter = slot.toUpperCase();
    return [
      [`${letter}_OK`, ok ? '1' : '0'],
      [`${letter}_STATE`, health],
      [`${letter}_DEPLOY`, deployId],
      [`${letter}_SERIAL`, String(serial)],
    ];
  };
  return [
    ['SEQ', String(sequence)],
    ['ORDER', [first, otherSlot(first)].join(' ').toUpperCase()],
    ...own('a'),
    ...own('b'),
  ];
}

function lines(variables: readonly [string, string][]): string {
  return variables.map(([name, value]) => `${name}=${value}\n`).join('');
}

function sum(variables: readonly [string, string][]): string {
  return crc32(lines(variables)).toString(16).padStart(8, '0');
}

/** The block's bytes. */
export function encodeEnvironment(environment: GrubEnvironment): Buffer {
  const variables = fixed(environment);
  const tries = SLOT_NAMES.map((slot): [string, string] => [
    `${slot.toUpperCase()}_TRY`,
    String(environment.slots[slot].tried),
  ]);
  const text = SIGNATURE + lines([...variables, ...tries, ['SUM', sum(variables)]]);
  if (text.length >= SECTOR)
    throw new RangeError(`an environment of ${text.length} bytes is more than a sector`);
  return Buffer.from(text.padEnd(ENVIRONMENT_BYTES, '#'), 'latin1');
}

/** What a block says. @throws DamagedEnvironment for all that encodeEnvironment and GRUB's save_env do not make of one */
export function decodeEnvironment(block: Buffer): GrubEnvironment {
  if (block.length !== ENVIRONMENT_BYTES) throw new DamagedEnvironment(`it has ${block.length} bytes`);
  const text = block.toString('latin1');
  if (!text.startsWith(SIGNATURE)) throw new DamagedEnvironment('it does not begin as an environment block');
  const [body = '', rest = ''] =
    /^((?:[A-Z_]+=[^\n#\\]*\n)*)(#+)$/.exec(text.slice(SIGNATURE.length))?.slice(1) ?? [];
  if (rest === '') throw new DamagedEnvironment('it has something between its variables');
  if (SIGNATURE.length + body.length >= SECTOR) throw new DamagedEnvironment('it is more than a sector');
  const values = new Map<string, string>();
  for (const line of body.split('\n').slice(0, -1)) {
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    if (values.has(name)) throw new DamagedEnvironment(`it says ${name} twice`);
    values.set(name, line.slice(at + 1));
  }
  const value = (name: string, pattern: RegExp): string => {
    const found = values.get(name);
    if (found === undefined || !pattern.test(found)) throw new DamagedEnvironment(`it does not say ${name}`);
    return found;
  };
  const count = (name: string) => {
    const found = Number(value(name, /^(?:0|[1-9]\d{0,9})$/));
    if (found > 0xffff_ffff) throw new DamagedEnvironment(`its ${name} is too large`);
    return found;
  };
  const slot = (name: SlotName): GrubSlot => {
    const letter = name.toUpperCase();
    const deployId = value(`${letter}_DEPLOY`, /^/);
    if (deployId !== '' && !isDeployId(deployId))
      throw new DamagedEnvironment(`its ${letter}_DEPLOY is no id`);
    const health = STATES.find((one) => one === values.get(`${letter}_STATE`));
    if (health === undefined) throw new DamagedEnvironment(`it does not say ${letter}_STATE`);
    return {
      ok: value(`${letter}_OK`, /^[01]$/) === '1',
      tried: Number(value(`${letter}_TRY`, /^[0-3]$/)),
      ...{ health, deployId, serial: count(`${letter}_SERIAL`) },
    };
  };
  const environment: GrubEnvironment = {
    sequence: count('SEQ'),
    first: value('ORDER', /^(?:A B|B A)$/) === 'A B' ? 'a' : 'b',
    slots: { a: slot('a'), b: slot('b') },
  };
  const expected = fixed(environment);
  if (value('SUM', /^[0-9a-f]{8}$/) !== sum(expected)) throw new DamagedEnvironment('its sum is wrong');
  if (values.size !== expected.length + SLOT_NAMES.length + 1)
    throw new DamagedEnvironment('it has variables that are not known');
  return environment;
}

/** Whether the selector takes a slot before it has reset the tries. */
export function takesSlot({ ok, tried }: GrubSlot): boolean {
  return ok && tried < MOST_TRIES;
}

/** What the selector takes at the next boot. */
export function nextGrubSlot({ first, slots }: GrubEnvironment): SlotName {
  const order = [first, otherSlot(first)];
  return (
    order.find((slot) => takesSlot(slots[slot])) ??
    // All tries are used up: it begins anew. Where no slot is one that it takes, it takes the first.
    order.find((slot) => slots[slot].ok) ??
    'a'
  );
}
