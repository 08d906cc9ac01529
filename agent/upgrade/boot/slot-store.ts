/**
 * The places of the two roots: partitions, named by PARTLABEL= or PARTUUID=, or plain files in the lab and in tests. What is written
 * to is opened for this alone, and never while anything has it mounted.
 */

import { type BigIntStats, constants, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import { type Machine, number } from '../../host/machine.ts';
import type { SlotName } from './backend.ts';
import { deviceNumber, mounts } from './mounts.ts';

/** Of every block device that the kernel knows, "MAJOR:MINOR" is a link here. */
const BY_NUMBER = 'sys/dev/block';
const ALL_BLOCK = 'sys/class/block';
const SECTOR = 512;
/** What opening gives where nothing may be written: a device that is set read-only, a file system that is, no leave. */
const READ_ONLY: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM']);
/** `blockdev --flushbufs` writes out what waits. */
const FLUSH_MS = 120_000;

/** What is seen of a slot's place without opening it. */
export interface SlotPlace {
  readonly device: string;
  /** 0 where it cannot be told. */
  readonly bytes: number;
  /** "MAJOR:MINOR" of a block device. */
  readonly number?: string;
  /** Why it cannot be used, as a sentence without a full stop. */
  readonly problem?: string;
}

/** A slot that is open for writing. Every method throws Failure UPGRADE_DEVICE_ERROR. */
export interface OpenSlot {
  readonly device: string;
  readonly bytes: number;
  /** Reads exactly this many bytes, into the beginning of a buffer where one is given: thousands of new ones would wait for the collector. */
  read(offset: number, length: number, into?: Buffer): Promise<Buffer>;
  /** Writes all of it; on disk after flush alone. */
  write(offset: number, content: Uint8Array): Promise<void>;
  /** What was written is on the disk when it resolves. */
  flush(): Promise<void>;
  /** Makes later reads come from the disk; without effect on plain files, for which Node has no call. */
  dropCaches(): Promise<void>;
  close(): Promise<void>;
}

/** The places of both slots. */
export class SlotDevices {
  readonly #names: Readonly<Record<SlotName, string>>;
  readonly #machine: Machine;
  readonly #root: string;

  /**
   * @param names for each slot PARTLABEL=, PARTUUID= or an absolute path
   * @param root "/" for this machine: what the paths of devices begin with
   */
  constructor(names: Readonly<Record<SlotName, string>>, machine: Machine, root = '/') {
    this.#names = names;
    this.#machine = machine;
    this.#root = root;
  }

  /** Where a slot is, as things are. */
  look(slot: SlotName): SlotPlace {
    const name = this.#names[slot];
    try {
      const path = this.#find(name);
      const stat = statSync(path, { bigint: true });
      return { device: path, ...this.#measure(path, stat) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { device: name, bytes: 0, problem: `slot ${slot} (${name}) cannot be used: ${why}` };
    }
  }

  /**
   * What root= of the kernel's command line says for a slot: a partition by its own UUID, since both slots may hold file systems
   * of one. @throws Failure UPGRADE_TARGET_MISSING
   */
  root(slot: SlotName): string {
    const name = this.#names[slot];
    if (name.startsWith('PARTUUID=')) return name;
    const { device, number: numbers } = this.#found(slot);
    if (numbers === undefined) return device;
    const folder = 'dev/disk/by-partuuid';
    const uuid =
      this.#machine.list(folder).find((one) => this.#real(`/${folder}/${one}`) === device) ??
      this.#property(`${BY_NUMBER}/${numbers}`, 'PARTUUID');
    if (uuid !== undefined) return `PARTUUID=${uuid}`;
    throw new Failure('UPGRADE_TARGET_MISSING', `slot ${slot} is ${device}, which has no partition UUID`, {
      hint: 'name the slots by PARTUUID= in the agent’s settings',
    });
  }

  /**
   * Opens a slot to write to it.
   * @param booted the slot that runs
   * @throws Failure UPGRADE_SLOT_RUNNING, UPGRADE_TARGET_MISSING, UPGRADE_TARGET_BUSY, UPGRADE_TARGET_READ_ONLY,
   *   UPGRADE_DEVICE_ERROR
   */
  async open(slot: SlotName, booted: SlotName): Promise<OpenSlot> {
    if (slot === booted)
      throw new Failure(
        'UPGRADE_SLOT_RUNNING',
        `slot ${slot} is the one that runs, so it cannot be written to`,
      );
    const { device, bytes, number: numbers } = this.#found(slot);
    const user = this.#userOf(device, numbers);
    if (user !== undefined)
      throw new Failure('UPGRADE_TARGET_BUSY', `slot ${slot} (${device}) is in use: ${user}`, {
        hint: `unmount it: findmnt ${device}`,
      });
    // A kernel may open such a device all the same, and refuse the first write.
    if (numbers !== undefined && number(this.#machine, `${BY_NUMBER}/${numbers}/ro`) === 1)
      throw readOnly(slot, device, 'the kernel has it as read-only');
    // O_EXCL on a device: refused while anything has it mounted, and no mount while we have it.
    const flags = constants.O_RDWR | constants.O_NOFOLLOW | (numbers === undefined ? 0 : constants.O_EXCL);
    let handle: FileHandle;
    try {
      handle = await open(device, flags);
    } catch (cause) {
      const { code = '', message } = cause as NodeJS.ErrnoException;
      if (READ_ONLY.has(code)) throw readOnly(slot, device, message, cause);
      throw new Failure(
        code === 'EBUSY' ? 'UPGRADE_TARGET_BUSY' : 'UPGRADE_DEVICE_ERROR',
        `slot ${slot} (${device}) could not be opened: ${message}`,
        { cause },
      );
    }
    return new FileSlot(device, bytes, handle, numbers === undefined ? undefined : this.#machine);
  }

  #found(slot: SlotName): SlotPlace {
    const place = this.look(slot);
    if (place.problem === undefined) return place;
    throw new Failure('UPGRADE_TARGET_MISSING', place.problem, {
      hint: 'lsblk -o NAME,PARTLABEL,PARTUUID,SIZE shows the partitions',
    });
  }

  #real(path: string): string | undefined {
    try {
      return realpathSync(join(this.#root, path));
    } catch {
      return undefined;
    }
  }

  /** The path of what a name stands for. */
  #find(name: string): string {
    const [, kind = '', value = ''] = /^(PARTLABEL|PARTUUID)=(.+)$/.exec(name) ?? [];
    if (kind === '') {
      const path = this.#real(name);
      if (path === undefined) throw new Error('there is no such device or file');
      return path;
    }
    // The names of the kernel tell of two partitions with one label, of which udev's link shows the one that it saw last.
    const property = kind === 'PARTLABEL' ? 'PARTNAME' : 'PARTUUID';
    const named = this.#machine
      .list(ALL_BLOCK)
      .filter(
        (one) => this.#property(`${ALL_BLOCK}/${one}`, property)?.toLowerCase() === value.toLowerCase(),
      );
    if (named.length > 1) throw new Error(`${named.join(' and ')} both have that name`);
    const path =
      this.#real(`/dev/disk/by-${kind.toLowerCase()}/${value}`) ??
      (named[0] === undefined ? undefined : this.#real(`/dev/${named[0]}`));
    if (path === undefined) throw new Error('there is no such partition');
    return path;
  }

  /** A line of what the kernel says of a block device. */
  #property(folder: string, name: string): string | undefined {
    const text = this.#machine.text(`${folder}/uevent`) ?? '';
    return text
      .split('\n')
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  }

  #measure(path: string, stat: BigIntStats): { bytes: number; number?: string; problem?: string } {
    if (stat.isFile()) return { bytes: Number(stat.size) };
    if (!stat.isBlockDevice()) throw new Error(`${path} is neither a block device nor a file`);
    const numbers = deviceNumber(stat.rdev);
    const sectors = number(this.#machine, `${BY_NUMBER}/${numbers}/size`);
    if (sectors === undefined) throw new Error('the kernel tells no size of it');
    return { bytes: sectors * SECTOR, number: numbers };
  }

  /** Who uses a place, or undefined. */
  #userOf(device: string, numbers: string | undefined): string | undefined {
    if (numbers === undefined) {
      const loop = this.#machine
        .list(ALL_BLOCK)
        .filter((one) => one.startsWith('loop'))
        .find((one) => this.#machine.text(`${ALL_BLOCK}/${one}/loop/backing_file`)?.trim() === device);
      return loop === undefined ? undefined : `/dev/${loop} is made of it`;
    }
    const mount = mounts(this.#machine).find((one) => one.device === numbers);
    if (mount) return `mounted on ${mount.point}`;
    const holder = this.#machine.list(`${BY_NUMBER}/${numbers}/holders`)[0];
    if (holder !== undefined) return `${holder} is made of it`;
    const swaps = this.#machine.text('proc/swaps')?.split('\n') ?? [];
    return swaps.some((line) => line.startsWith(`${device} `)) ? 'swap' : undefined;
  }
}

function readOnly(slot: SlotName, device: string, why: string, cause?: unknown): Failure {
  return new Failure('UPGRADE_TARGET_READ_ONLY', `slot ${slot} (${device}) cannot be written to: ${why}`, {
    cause,
    hint: 'is the disk write-protected, or did it become so by its errors: nodectl dmesg --level err? May the agent write to it: packaging/systemd/nodectl-agent.service.d/upgrades.conf',
  });
}

class FileSlot implements OpenSlot {
  readonly device: string;
  readonly bytes: number;
  readonly #handle: FileHandle;
  /** Undefined for a plain file. */
  readonly #machine: Machine | undefined;

  constructor(device: string, bytes: number, handle: FileHandle, machine: Machine | undefined) {
    this.device = device;
    this.bytes = bytes;
    this.#handle = handle;
    this.#machine = machine;
  }

  read(offset: number, length: number, into?: Buffer): Promise<Buffer> {
    return this.#doing(`read at ${offset}`, async () => {
      const buffer = into ?? Buffer.allocUnsafe(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await this.#handle.read(buffer, at, length - at, offset + at);
        if (bytesRead === 0) throw new Error(`it ends at ${offset + at}`);
        at += bytesRead;
      }
      return buffer;
    });
  }

  write(offset: number, content: Uint8Array): Promise<void> {
    return this.#doing(`written at ${offset}`, async () => {
      // A plain file would grow.
      if (offset < 0 || offset + content.length > this.bytes) throw new Error(`it has ${this.bytes} bytes`);
      for (let at = 0; at < content.length; ) {
        const { bytesWritten } = await this.#handle.write(content, at, content.length - at, offset + at);
        at += bytesWritten;
      }
    });
  }

  flush(): Promise<void> {
    return this.#doing('flushed', () => this.#handle.datasync());
  }

  dropCaches(): Promise<void> {
    return this.#doing('flushed', async () => {
      await this.#handle.datasync();
      if (!this.#machine) return;
      const { code, stderr } = await this.#machine.run('blockdev', ['--flushbufs', this.device], {
        timeoutMs: FLUSH_MS,
      });
      if (code !== 0) throw new Error(stderr.split('\n', 1)[0] || `blockdev ended with ${code}`);
    });
  }

  close(): Promise<void> {
    return this.#doing('closed', () => this.#handle.close());
  }

  async #doing<T>(done: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new Failure(
        'UPGRADE_DEVICE_ERROR',
        `${this.device} could not be ${done}: ${(cause as Error).message}`,
        {
          cause,
          hint: 'look at the kernel’s log for errors of the disk: nodectl dmesg --level err',
        },
      );
    }
  }
}
