/**
 * What a machine was made with, where nobody told its agent: the root is there to be read, its os-release names it, and the kernel's
 * command line has the image's part of it. So the first upgrade can be a difference to it, and the slot can be booted again by a
 * rollback. Its serial number stands nowhere: 0.
 */

import { parseOsRelease } from '../diagnostics/kernel/os-release.ts';
import { line, type Machine } from '../host/machine.ts';
import type { BootState } from './boot/backend.ts';
import { imageCommandLine } from './boot/deployment.ts';
import { digestOf } from './digests.ts';
import type { UpgradeSite } from './site.ts';
import type { ReadHandle } from './slot-handle.ts';

/** What the running system says of its image. */
export interface MadeWith {
  readonly name: string;
  readonly version: string;
  /** The image's part of the kernel's command line. */
  readonly commandLine: string;
}

/** @throws Failure UPGRADE_COMMAND_LINE where the machine was started by arguments that no image may have */
export function madeWith(machine: Machine): MadeWith {
  const text = machine.text('etc/os-release') ?? machine.text('usr/lib/os-release') ?? '';
  const { id, version, imageVersion } = parseOsRelease(text);
  return {
    name: id || 'os',
    version: imageVersion || version || 'as made',
    commandLine: imageCommandLine(line(machine, 'proc/cmdline') ?? ''),
  };
}

/**
 * Describes the running slot, unless somebody knows what it was given. Reads the whole root once.
 * @throws Failure UPGRADE_COMMAND_LINE, UPGRADE_DEVICE_ERROR, UPGRADE_STATE_UNWRITABLE; and for an abort
 */
export async function describeRunning(
  { parts, images }: UpgradeSite,
  state: BootState,
  tell: () => MadeWith,
  signal: AbortSignal,
): Promise<void> {
  const { booted, bootedDeployId = '', slots } = state;
  if (images.running(state) || slots[booted].health !== 'good') return;
  const { name, version, commandLine } = tell();
  const running = await parts.slots.running(state);
  try {
    const rootSize = await rootBytes(running);
    const rootSha256 = await digestOf(running, rootSize, signal);
    images.set({
      ...{ slot: booted, image: { name, version, serial: 0, rootSha256, rootSize } },
      ...{ minSerial: 0, commandLine, deployId: bootedDeployId, deploySerial: 0, writtenMs: 0 },
    });
  } finally {
    await running.close();
  }
  parts.log.info({ slot: booted, name, version }, 'the image that the machine was made with was described');
}

const [SUPERBLOCK_AT, SUPERBLOCK_BYTES, BLOCK] = [1_024, 1_024, 4_096];
const EXT4_MAGIC = 0xef53;
const INCOMPAT_64BIT = 0x80;

/** Bytes of the root in a slot: of an ext4 file system as many as it has (fs/ext4/ext4.h, struct ext4_super_block), else the slot's. */
async function rootBytes(slot: ReadHandle): Promise<number> {
  if (slot.size < SUPERBLOCK_AT + SUPERBLOCK_BYTES) return slot.size;
  const block = Buffer.alloc(SUPERBLOCK_BYTES);
  await slot.read(block, SUPERBLOCK_AT);
  if (block.readUInt16LE(0x38) !== EXT4_MAGIC) return slot.size;
  const high = block.readUInt32LE(0x60) & INCOMPAT_64BIT ? block.readUInt32LE(0x150) : 0;
  const bytes = (high * 2 ** 32 + block.readUInt32LE(0x4)) * 2 ** (10 + block.readUInt32LE(0x18));
  const whole = Math.ceil(bytes / BLOCK) * BLOCK;
  return whole > 0 && whole <= slot.size ? whole : slot.size;
}
