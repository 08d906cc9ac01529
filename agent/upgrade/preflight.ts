/**
 * What stands against an upgrade, all of it: whoever plans one sees everything at once, and whoever starts one is refused with the
 * first of it. Nothing is written here.
 */

import { Failure } from '../../proto/failure.ts';
import { type ImageSignature, verifyManifest } from '../../proto/image/envelope.ts';
import type { Keyring } from '../../proto/image/keyring.ts';
import {
  expiryOf,
  type Manifest,
  manifestSha256,
  parseManifest,
  rootOf,
} from '../../proto/image/manifest.ts';
import { VERSION } from '../../proto/version.ts';
import { type BootState, otherSlot } from './boot/backend.ts';
import { checkCommandLine } from './boot/deployment.ts';
import { bootBytes, stagedBytes } from './incoming.ts';
import { optionsOf, type WantedOptions } from './policy.ts';
import { planWarnings } from './preflight-warnings.ts';
import type { UpgradeSite } from './site.ts';
import type { SlotImage } from './slot-images.ts';
import type { Upgrade, UpgradeOptions } from './state.ts';

/** Whose images the node takes. */
export interface Trust {
  /** The keys that images are signed by, read anew: one may have been taken away. @throws Failure IMAGE_KEYRING_INVALID */
  readonly keyring: () => Keyring;
  /** How many of them must have signed. */
  readonly threshold: number;
  /** What the node is: an image must be made for one of these. */
  readonly compatible: readonly string[];
}

/** An image that is offered. */
export interface Offer {
  readonly manifest: Uint8Array;
  readonly signatures: readonly ImageSignature[];
}

/** What an upgrade would do. */
export interface UpgradePlan {
  /** Undefined where it cannot be read; `refusals` say why. */
  readonly manifest: Manifest | undefined;
  readonly manifestSha256: string;
  readonly options: UpgradeOptions;
  readonly signedBy: readonly string[];
  /** Undefined where it cannot be told; `refusals` say why. */
  readonly state: BootState | undefined;
  /** The image that runs, or undefined where it is not known. */
  readonly active: SlotImage | undefined;
  readonly bootNeeded: number;
  readonly bootFree: number;
  readonly refusals: readonly Failure[];
  readonly warnings: readonly string[];
  readonly alreadyRunning: boolean;
}

/** Stays free on /var whatever is kept there. */
const SPARE_BYTES = 16 << 20;

/** Plans an upgrade. Throws for an abort, and BAD_ARGUMENT for options that cannot be. */
export async function plan(
  site: UpgradeSite,
  offer: Offer,
  wanted: WantedOptions,
  signal: AbortSignal,
): Promise<UpgradePlan> {
  const { parts, images } = site;
  const refusals: Failure[] = [];
  const trying = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      refusals.push(Failure.from(error));
      return undefined;
    }
  };
  const manifest = await trying(() => parseManifest(offer.manifest));
  const options = optionsOf(wanted, parts.policy(), manifest);
  const signedBy =
    (await trying(() =>
      verifyManifest(offer.manifest, offer.signatures, parts.trust.keyring(), parts.trust.threshold),
    )) ?? [];
  const state = await trying(() => parts.backend.state());
  const active = state && images.running(state);
  const room = { needed: 0, free: 0 };
  const same =
    manifest !== undefined && active !== undefined && isSame(manifest, active) && !wanted.reinstall;
  // What runs on trial may still fall back: that is no upgrade which is done.
  const alreadyRunning = same && !site.current;
  const digest = manifestSha256(offer.manifest);
  // The same image once more goes on with what was begun.
  const goesOn = site.current?.manifestSha256 === digest ? site.current : undefined;
  refusals.push(...nodeRefusals(site, state, goesOn), ...quorumRefusals(options));
  if (manifest) {
    refusals.push(...imageRefusals(site, manifest, options, same));
    for (const { id, message, hint } of (await trying(() => parts.troubles.against(manifest, signal))) ?? [])
      if (!options.acceptTroubles.includes(id))
        refusals.push(
          new Failure('IMAGE_KNOWN_TROUBLE', `${id}: ${message}`, {
            hint: `${hint === '' ? '' : `${hint}; or `}accept it with --accept-trouble ${id}`,
            facts: { trouble: id },
          }),
        );
  }
  if (manifest && state && !site.current) {
    await trying(() => fits(site, manifest, state));
    const target = otherSlot(state.booted);
    await trying(() => parts.backend.checkRoot(target));
    room.needed = bootBytes(manifest);
    room.free = (await trying(() => parts.backend.spaceForAssets(target))) ?? 0;
    if (room.needed > room.free)
      refusals.push(
        new Failure(
          'UPGRADE_BOOT_FULL',
          `kernel and initrd have ${room.needed} bytes, and the boot partition has room for ${room.free}`,
          { hint: 'remove from it what no slot boots' },
        ),
      );
  }
  return {
    ...{ manifest, options, signedBy, state, active, alreadyRunning },
    manifestSha256: digest,
    ...{ bootNeeded: room.needed, bootFree: room.free, refusals },
    warnings: planWarnings({ manifest, state, active, options, goesOn }, parts.now()),
  };
}

/** A failure with which a plan is refused: its first refusal, and how many more there are. */
export function refusalOf({ refusals }: UpgradePlan): Failure | undefined {
  const [first, ...others] = refusals;
  if (!first || others.length === 0) return first;
  const all = others.map(({ reason }) => reason).join(', ');
  return new Failure(first.reason, `${first.message}; and ${others.length} more (${all})`, {
    hint: first.hint || 'nodectl upgrade --dry-run shows all that stands against it',
    facts: { ...first.facts, others: all },
  });
}

/** That another upgrade is under way. */
export function inProgress({ id, author, state, image, rollback }: Upgrade): Failure {
  const what = rollback ? 'rollback' : 'upgrade';
  return new Failure(
    'UPGRADE_IN_PROGRESS',
    `the ${what} ${id} to ${image.name} ${image.version}, begun by ${author}, is ${state} on this node`,
    {
      hint:
        state === 'armed'
          ? 'nodectl upgrade reboot boots it now, nodectl upgrade abort ends it'
          : 'nodectl upgrade status follows it, nodectl upgrade abort ends it',
      facts: { upgrade: id, author, state },
    },
  );
}

/** Whether an image is the one that runs. */
function isSame(manifest: Manifest, { image }: SlotImage): boolean {
  return (
    manifest.name === image.name &&
    manifest.serial === image.serial &&
    rootOf(manifest).sha256 === image.rootSha256
  );
}

/** What the node itself has against any upgrade; `goesOn` is one that is under way and is to be gone on with. */
export function nodeRefusals(
  { current, parts }: UpgradeSite,
  state: BootState | undefined,
  goesOn?: Upgrade,
): Failure[] {
  const refusals: Failure[] = [];
  if (current && current !== goesOn) refusals.push(inProgress(current));
  if (parts.configTrial())
    refusals.push(
      new Failure('UPGRADE_CONFIG_TRIAL', 'a config document is being tried on this node', {
        hint: 'nodectl config confirm, or wait until it reverts',
      }),
    );
  if (state && state.slots[state.booted].health !== 'good' && !current)
    refusals.push(
      new Failure(
        'UPGRADE_NO_FALLBACK',
        `the running slot ${state.booted} is ${state.slots[state.booted].health}, so there would be nothing to fall back to`,
        { hint: 'restart the node, so that its slot is confirmed; nodectl slots shows it' },
      ),
    );
  return refusals;
}

/** A quorum of nobody would never come about, and the node would fall back. */
function quorumRefusals({ confirmation, peers, quorum }: UpgradeOptions): Failure[] {
  if (confirmation !== 'quorum' || (peers.length > 0 && quorum <= peers.length)) return [];
  return [
    new Failure(
      'BAD_ARGUMENT',
      `a confirmation by ${quorum || 'most'} of ${peers.length} peers cannot come about`,
      {
        hint: 'name the peers: nodectl upgrade --peer HOST:PORT',
      },
    ),
  ];
}

function imageRefusals(
  { parts, images }: UpgradeSite,
  manifest: Manifest,
  { allowDowngrade }: UpgradeOptions,
  alreadyRunning: boolean,
): Failure[] {
  const { name, version, serial, compatible, minAgent } = manifest;
  const refusals: Failure[] = [];
  const refuse = (...args: ConstructorParameters<typeof Failure>) => refusals.push(new Failure(...args));
  if (parts.now() > expiryOf(manifest))
    refuse('IMAGE_EXPIRED', `${name} ${version} may not be installed since ${manifest.notAfter}`, {
      hint: 'take a newer image; see that the node’s clock is right: nodectl clock',
    });
  if (!compatible.some((one) => parts.trust.compatible.includes(one)))
    refuse(
      'IMAGE_WRONG_COMPATIBLE',
      `${name} ${version} is for ${compatible.join(', ')}, and this node is ${parts.trust.compatible.join(', ') || 'nothing'}`,
      { hint: 'what a node is stands in its agent’s settings, upgrades.compatible' },
    );
  const { allow } = parts.policy();
  if (allow && !allow.includes(name))
    refuse('IMAGE_NOT_ALLOWED', `the node’s config allows images named ${allow.join(', ')}, not ${name}`, {
      hint: 'upgrades.allow in its config document decides that',
    });
  const floor = images.floor(name);
  if (serial < floor.minSerial)
    refuse(
      'IMAGE_DOWNGRADE',
      `${name} ${version} has the serial number ${serial}, and an image that was confirmed here allows none below ${floor.minSerial}`,
      { hint: 'nothing goes below that; take a newer image' },
    );
  else if (serial < floor.serial && !allowDowngrade && !alreadyRunning)
    refuse(
      'IMAGE_DOWNGRADE',
      `${name} ${version} has the serial number ${serial}, and ${floor.serial} was confirmed on this node`,
      { hint: 'an admin can go back with --allow-downgrade' },
    );
  try {
    // What the boot loader would refuse when all has been sent and verified.
    checkCommandLine(manifest.cmdline ?? '');
  } catch (error) {
    refusals.push(Failure.from(error));
  }
  if (minAgent !== undefined && older(VERSION, minAgent))
    refuse('IMAGE_AGENT_TOO_OLD', `${name} ${version} needs agent ${minAgent}, and this one is ${VERSION}`, {
      hint: 'upgrade the agent first: nodectl agent upgrade',
    });
  return refusals;
}

/** Throws where the image would not fit, or the slot cannot be had. Opening it changes nothing. */
async function fits({ parts }: UpgradeSite, manifest: Manifest, state: BootState): Promise<void> {
  const { name, bytes } = state.slots[otherSlot(state.booted)];
  const { size } = rootOf(manifest);
  const slot = await parts.slots.target(state);
  await slot.close();
  if (size > bytes)
    throw new Failure('UPGRADE_SLOT_TOO_SMALL', `the image has ${size} bytes, and slot ${name} ${bytes}`, {
      hint: 'build the image smaller, or give the node larger slots',
    });
  const staged = stagedBytes(manifest, bytes);
  if (staged > 0 && parts.freeBytes() < staged + SPARE_BYTES)
    throw new Failure(
      'UPGRADE_NO_STAGING',
      `slot ${name} has no room for kernel and initrd behind the root, and ${parts.folder} none for ${staged} bytes`,
      { hint: 'make room below /var, or build the root smaller by as much' },
    );
}

/** Whether a version of three numbers is below another; what follows them does not count. */
function older(version: string, least: string): boolean {
  const [have, want] = [version, least].map((one) => one.split(/[.+-]/).slice(0, 3).map(Number));
  for (const [at, wanted] of (want ?? []).entries()) {
    const had = have?.[at] ?? 0;
    if (had !== wanted) return had < wanted;
  }
  return false;
}
