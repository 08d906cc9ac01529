/**
 * The deadline of an upgrade outside the agent. One small file says that a deployment is on trial, and how long it has from its
 * boot; units that the image brings (packaging/systemd/nodectl-upgrade-*.service) read it and need nothing else: no agent, no
 * Node, no shell, no network. It is on disk before the boot loader is told of the slot, so that no boot of the new slot is
 * without it, and names the deployment, so that it means nothing to the slot before.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder, writeFileAtomic } from '../../../pki/atomic-file.ts';
import { Failure } from '../../../proto/failure.ts';
import { makeFolder } from '../../../proto/make-folder.ts';
import type { Machine } from '../../host/machine.ts';

/** The file's name in the folder of upgrades; its full path stands in the units. */
const FILE = 'deadline';
/** The unit that reboots leaves a copy of it. */
const EXPIRED = 'expired';
/** The unit that waits. */
const UNIT = 'nodectl-upgrade-deadline.service';
/** In /run, it keeps the unit from rebooting in this boot, where the file on the disk cannot be removed. */
const OVER = 'nodectl-upgrade-over';
/** The agent decides at the deadline; so much later the unit does it in its place. */
const GRACE_SECONDS = 15;
const SYSTEMCTL_MS = 10_000;
/** A deployment's id goes into a file that systemd reads as an environment, and is looked for on the kernel's command line. */
const DEPLOY_ID = /^[A-Za-z0-9._-]{1,36}$/;
const LONGEST_SECONDS = 86_400;
/** How long the units wait where the file does not say. */
const UNIT_SECONDS = 900;

/** What is on trial. */
export interface TrialDeadline {
  /** Undefined where the file is damaged: then whatever deployment runs is on trial. */
  readonly deployId: string | undefined;
  /** Seconds from the boot until the node reboots unless it is confirmed; with the unit's grace. */
  readonly seconds: number;
}

/** The deadline in a folder: /var/lib/nodectl/upgrade on a node. */
export class UpgradeDeadline {
  readonly #path: string;
  readonly #expired: string;
  readonly #machine: Machine;
  readonly #warn: (message: string) => void;
  readonly #run: string;

  /**
   * @param folder where the journal of upgrades is, on a file system that every slot mounts
   * @param warn is told where a deadline that is over could not be taken away
   * @param run the folder of what does not outlive a boot
   */
  constructor(folder: string, machine: Machine, warn: (message: string) => void, run = '/run') {
    this.#path = join(folder, FILE);
    this.#expired = join(folder, EXPIRED);
    this.#machine = machine;
    this.#warn = warn;
    this.#run = run;
  }

  /**
   * Every boot of this deployment has so many seconds to be confirmed. On disk when it resolves; idempotent.
   * @throws Failure UPGRADE_NOT_GUARDED where the file cannot be written, or the machine's systemd has no unit that heeds it
   */
  async arm(deployId: string, seconds: number): Promise<void> {
    if (!DEPLOY_ID.test(deployId) || !Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_SECONDS)
      throw new Failure(
        'UPGRADE_NOT_GUARDED',
        `${seconds} s for deployment ${deployId.slice(0, 40)} is no deadline`,
      );
    try {
      makeFolder(dirname(this.#path));
      rmSync(this.#expired, { force: true });
      writeFileAtomic(this.#path, render({ deployId, seconds: seconds + GRACE_SECONDS }));
    } catch (cause) {
      throw new Failure(
        'UPGRADE_NOT_GUARDED',
        `the deadline cannot be written: ${(cause as Error).message}`,
        {
          hint: 'is there room on /var, and is it writable?',
          cause,
        },
      );
    }
  }

  /**
   * Nothing is on trial any more: it was confirmed, or the slot before runs again. Never throws: a unit that fires too late finds
   * no file and does nothing.
   */
  async disarm(): Promise<void> {
    try {
      rmSync(this.#path, { force: true });
      rmSync(this.#expired, { force: true });
      syncFolder(dirname(this.#path));
    } catch (error) {
      this.#warn(`the deadline of an upgrade that is over cannot be removed: ${(error as Error).message}`);
      this.#overInThisBoot();
      return;
    }
    // Only for tidiness: what waits would find the file gone.
    if (!this.#machine.has('run/systemd/system')) return;
    try {
      const args = ['--no-ask-password', 'stop', '--no-block', '--', UNIT];
      await this.#machine.run('systemctl', args, { timeoutMs: SYSTEMCTL_MS });
    } catch (error) {
      this.#warn(`${UNIT} could not be stopped: ${(error as Error).message}`);
    }
  }

  /** What is on trial, or undefined. */
  read(): TrialDeadline | undefined {
    return readDeadline(this.#path);
  }

  /** Whether the unit that reboots has left a deployment, the agent of which did not. Never throws. */
  expired(deployId: string): boolean {
    try {
      return readDeadline(this.#expired)?.deployId === deployId;
    } catch {
      return false;
    }
  }

  /** Whether the deployment that runs is on trial. */
  holds(): boolean {
    const trial = this.read();
    if (trial === undefined) return false;
    const running = /(?:^|\s)nodectl\.deploy=(\S+)/.exec(this.#machine.text('proc/cmdline') ?? '')?.[1];
    return running !== undefined && (trial.deployId === undefined || trial.deployId === running);
  }

  /** The disk may have turned read-only: at least this boot is not cut short. */
  #overInThisBoot(): void {
    try {
      writeFileSync(join(this.#run, OVER), '');
    } catch (error) {
      this.#warn(`${this.#run} cannot be written to, so the node will reboot: ${(error as Error).message}`);
    }
  }
}

/** What a deadline's file says; undefined where there is none. Of a damaged one the units' own values hold. */
function readDeadline(path: string): TrialDeadline | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').slice(0, 1_024);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    text = '';
  }
  const seconds = /^NODECTL_SECONDS=(\d{1,6})$/m.exec(text)?.[1];
  const deployId = /^NODECTL_DEPLOY=nodectl\.deploy=([A-Za-z0-9._-]{1,36})$/m.exec(text)?.[1];
  return seconds === undefined || deployId === undefined
    ? { deployId: undefined, seconds: UNIT_SECONDS }
    : { deployId, seconds: Number(seconds) };
}

/** As EnvironmentFile= reads it (systemd.exec(5)). */
function render({ deployId, seconds }: { deployId: string; seconds: number }): string {
  return `NODECTL_SECONDS=${seconds}\nNODECTL_DEPLOY=nodectl.deploy=${deployId}\n`;
}
