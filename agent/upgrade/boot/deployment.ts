/** What a deployment and a command line may consist of: they go into files that boot loaders parse in ways of their own. */

import { Failure } from '../../../proto/failure.ts';
import type { ArmOptions, Deployment, SlotName } from './backend.ts';

const DEPLOY_ID = /^[A-Za-z0-9._-]{1,36}$/;
/** The kernel of x86 takes 2,048 bytes in all (COMMAND_LINE_SIZE); ours need fewer than 200 of them. */
const LONGEST_COMMAND_LINE = 1_500;
const MOST_TRIES = 3;
const MOST_SERIAL = 0xffff_ffff;
/** Printable ASCII without what GRUB's script expands or its `linux` escapes: quotes, $, \ and the back-tick. */
const PLAIN = /^[ !#%&()*+,\-./0-9:;<=>?@A-Z[\]^_a-z{|}~]*$/;
/** Arguments that are the loader's own. What stands behind -- is not the kernel's any more. */
const OURS = /^(?:root=|rootflags=subvol|panic=|nodectl\.|ro$|rw$|--$)/;

/** Whether a text can be a deployId. */
export function isDeployId(text: string): boolean {
  return DEPLOY_ID.test(text);
}

/** @throws Failure UPGRADE_DEPLOYMENT, UPGRADE_COMMAND_LINE, BAD_ARGUMENT for the tries */
export function checkArm(deployment: Deployment, { tries, commandLine }: ArmOptions): void {
  const { deployId, serial } = deployment;
  if (!isDeployId(deployId))
    throw new Failure('UPGRADE_DEPLOYMENT', `deployment ${JSON.stringify(deployId)} has no valid id`);
  if (!Number.isInteger(serial) || serial < 1 || serial > MOST_SERIAL)
    throw new Failure(
      'UPGRADE_DEPLOYMENT',
      `deployment ${deployId} has the serial ${serial}, which is not valid`,
    );
  if (!Number.isInteger(tries) || tries < 1 || tries > MOST_TRIES)
    throw new Failure('BAD_ARGUMENT', `a slot gets 1 to ${MOST_TRIES} tries, not ${tries}`);
  checkCommandLine(commandLine);
}

/** Whether an image's part of the command line can be taken: before anything is sent as well. @throws Failure UPGRADE_COMMAND_LINE */
export function checkCommandLine(commandLine: string): void {
  const refuse = (why: string) => {
    throw new Failure('UPGRADE_COMMAND_LINE', `the image’s kernel command line ${why}`, {
      hint: 'build the image with another --cmdline',
    });
  };
  if (commandLine.length > LONGEST_COMMAND_LINE) refuse(`is longer than ${LONGEST_COMMAND_LINE} characters`);
  if (!PLAIN.test(commandLine)) refuse('holds a character that boot loaders read in different ways');
  const own = commandLine.split(' ').find((word) => OURS.test(word));
  if (own !== undefined) refuse(`holds ${own}, which is the boot loader’s to set`);
}

/**
 * The whole command line of a slot. Ours come last: of an argument that is there twice the kernel heeds the last. A kernel that
 * panics must restart the machine, or its try would never end.
 */
export function fullCommandLine(slot: SlotName, root: string, deployId: string, commandLine: string): string {
  const own = `root=${root} ro panic=10 nodectl.slot=${slot} nodectl.deploy=${deployId}`;
  return [...commandLine.split(' ').filter((word) => word !== ''), own].join(' ');
}

/** What boot loaders add of their own (grub.cfg, systemd-stub). */
const LOADERS = /^(?:BOOT_IMAGE=|initrd=)/;

/** The image's part of the whole command line of a kernel that runs. @throws Failure UPGRADE_COMMAND_LINE where it cannot be taken */
export function imageCommandLine(whole: string): string {
  const words = whole.split(' ').filter((word) => word !== '' && !LOADERS.test(word));
  const image = words.filter((word) => word === '--' || !OURS.test(word)).join(' ');
  checkCommandLine(image);
  return image;
}
