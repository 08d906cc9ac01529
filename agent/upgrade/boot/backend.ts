/**
 * What an upgrade asks of a boot loader, whichever it is. Two slots, `a` and `b`; one is booted, the other is written to. A boot
 * loader counts the boots of a slot that was armed and takes the other one when they are used up; `confirm` ends the counting.
 *
 * INVARIANT, which every implementation keeps at each write that it makes: whatever a power cut leaves, the loader finds a slot
 * that was complete before the upgrade began or is complete now. Hence the order: the slot's entry dies (`invalidate`) before its
 * first byte is written, and comes back (`arm`) when its root and its assets are on disk. Errors are Failures.
 */

import type { Readable } from 'node:stream';

/** A slot's name. */
export type SlotName = 'a' | 'b';

/** Both, in the order in which they are shown. */
export const SLOT_NAMES: readonly SlotName[] = ['a', 'b'];

/** The slot that is not this one. */
export function otherSlot(slot: SlotName): SlotName {
  return slot === 'a' ? 'b' : 'a';
}

/** What was put into a slot. */
export interface Deployment {
  /** Made anew each time a slot is armed; on the kernel's command line as nodectl.deploy=. 1 to 36 of A-Z a-z 0-9 . _ - */
  readonly deployId: string;
  /** Rises with each arm, also when it is of an older image: the higher one boots first. 1 to 4294967295. */
  readonly serial: number;
  /** The image's version, as its manifest says. */
  readonly version: string;
  /** The image's serial, as its manifest says. */
  readonly imageSerial: number;
  /** SHA-256 of the root image as 64 hex digits. */
  readonly rootSha256: string;
}

/**
 * How a slot stands with the boot loader.
 * - empty: nothing was ever put there
 * - invalid: it may be half written; the loader does not boot it
 * - armed: complete, and on trial: its boots are counted
 * - good: complete, and was confirmed
 * - bad: its tries are used up, or it was marked so; the loader boots it last, or never
 */
export type SlotHealth = 'empty' | 'invalid' | 'armed' | 'good' | 'bad';

/** A slot. */
export interface SlotState {
  readonly name: SlotName;
  /** Where its root is: a block device or a plain file. */
  readonly device: string;
  /** The device's size; 0 where it cannot be told, and then `problems` says why. */
  readonly bytes: number;
  readonly health: SlotHealth;
  /** Boots that are left before the loader gives up on it; undefined where they are not counted. */
  readonly triesLeft?: number;
  /** Undefined where the loader's word and the agent's records do not agree, or there is none. */
  readonly deployment?: Deployment;
}

/** The kinds of boot loader. */
export type BootKind = 'grub' | 'systemd-boot' | 'files';

/** How the machine boots. */
export interface BootState {
  readonly backend: BootKind;
  /** The slot that this boot runs from, told by the command line and held against the root device. */
  readonly booted: SlotName;
  /** What nodectl.deploy= said of this boot; undefined for the image that the machine was installed with. */
  readonly bootedDeployId?: string;
  /** What the loader takes at the next boot, as things are. */
  readonly next: SlotName;
  readonly slots: Readonly<Record<SlotName, SlotState>>;
  /** What is wrong with the way this machine boots, a sentence each. */
  readonly problems: readonly string[];
}

/** A kernel or an initrd that is to be put beside the boot loader. */
export interface Asset {
  readonly bytes: number;
  /** SHA-256 as 64 hex digits: what was written is read back and held against it. */
  readonly sha256: string;
  /** Opened once. */
  open(): Readable;
}

/** What of an image stands beside the boot loader. */
export type AssetRole = 'kernel' | 'initrd';

/** A kernel or initrd that stands beside the boot loader. */
export interface StoredAsset {
  readonly bytes: number;
  /** Its content, piece by piece. @throws Failure UPGRADE_BOOT_UNREADABLE */
  pieces(): Iterable<Buffer>;
}

/** What the loader loads for a slot. */
export interface Assets {
  readonly kernel: Asset;
  readonly initrd?: Asset;
}

/** How a slot is to be booted. */
export interface ArmOptions {
  /** Boots it gets to be confirmed, 1 to 3. */
  readonly tries: number;
  /**
   * The image's part of the kernel's command line. root=, nodectl.*, panic= and -- are the loader's and are refused, as are
   * quotes, `$` and `\`: loaders differ in what they make of them.
   */
  readonly commandLine: string;
}

/**
 * A boot loader. Calls are made one at a time. Each may be repeated after a crash, and ends on disk before it resolves. None
 * touches the booted slot but `confirm`, `markBad` and `repair`.
 */
export interface BootBackend {
  readonly kind: BootKind;

  /**
   * How the machine boots.
   * @throws Failure UPGRADE_RUNNING_SLOT_UNKNOWN, UPGRADE_BOOT_UNREADABLE
   */
  state(): Promise<BootState>;

  /**
   * The loader boots this slot no more. Before the first byte is written to it, and to take the arming of an upgrade back.
   * @throws Failure UPGRADE_SLOT_RUNNING for the booted slot, UPGRADE_NO_FALLBACK where the other would not boot,
   *   UPGRADE_BOOT_WRITE_FAILED
   */
  invalidate(slot: SlotName): Promise<void>;

  /** The kernel or initrd that a slot has, read as it is asked for; undefined where it has none. @throws Failure UPGRADE_BOOT_UNREADABLE */
  asset(slot: SlotName, role: AssetRole): StoredAsset | undefined;

  /** That the kernel could be told where a slot's root is: found out before anything is sent. @throws Failure UPGRADE_TARGET_MISSING */
  checkRoot(slot: SlotName): void;

  /** Bytes that kernel and initrd of a slot may have in all; what they replace counts as free only once it is removed. */
  spaceForAssets(slot: SlotName): Promise<number>;

  /**
   * Puts kernel and initrd there, read back and on disk. The slot must have been invalidated. An initrd that the slot had goes
   * away where none is given.
   * @throws Failure UPGRADE_SLOT_RUNNING, UPGRADE_SLOT_VALID where the loader still boots it, UPGRADE_BOOT_FULL before
   *   anything is written, UPGRADE_ASSET_DIGEST, UPGRADE_BOOT_WRITE_FAILED
   */
  writeAssets(slot: SlotName, assets: Assets): Promise<void>;

  /**
   * The commit point: from here the loader boots this slot first, `tries` times. For a slot with its assets in place alone.
   * @throws Failure UPGRADE_SLOT_RUNNING, UPGRADE_SLOT_INCOMPLETE, UPGRADE_COMMAND_LINE, UPGRADE_DEPLOYMENT,
   *   UPGRADE_BOOT_WRITE_FAILED
   */
  arm(slot: SlotName, deployment: Deployment, options: ArmOptions): Promise<void>;

  /**
   * Takes the arming of a slot back that was good before and of which nothing was overwritten since, also one that was marked bad
   * then: it is good again, and comes behind the booted one, which the next boot takes. A crash leaves it as it was, or this done.
   * @param before what it was deployed as when it was good; the image that the machine was installed with has no deployId there, and
   *   the serial 0. The serial sinks below the booted slot's where else it would come first.
   * @param commandLine as for `arm`
   * @throws Failure UPGRADE_SLOT_RUNNING, UPGRADE_NO_FALLBACK where the booted slot would not boot again, UPGRADE_SLOT_INCOMPLETE,
   *   UPGRADE_COMMAND_LINE, UPGRADE_DEPLOYMENT where no serial is below the booted slot's, UPGRADE_BOOT_WRITE_FAILED
   */
  disarm(slot: SlotName, before: Deployment, commandLine: string): Promise<void>;

  /**
   * The booted slot is good and stays. To be called at every boot that is healthy: loaders that count boots of confirmed slots
   * would else give up on it.
   * @throws Failure UPGRADE_SLOT_NOT_RUNNING, UPGRADE_DEPLOYMENT where another deployment is booted, UPGRADE_BOOT_WRITE_FAILED
   */
  confirm(slot: SlotName, deployId: string | undefined): Promise<void>;

  /**
   * The next boot takes the other slot. For the booted slot as well: a rollback before it is confirmed.
   * @throws Failure UPGRADE_NO_FALLBACK where the other slot would not boot, UPGRADE_BOOT_WRITE_FAILED
   */
  markBad(slot: SlotName): Promise<void>;

  /**
   * Puts right what a crash left: to be called once when the agent starts, before anything else. It says what it did, and what
   * it found that it must leave to a person, a sentence each.
   * @throws Failure UPGRADE_RUNNING_SLOT_UNKNOWN, UPGRADE_BOOT_WRITE_FAILED
   */
  repair(): Promise<string[]>;
}
