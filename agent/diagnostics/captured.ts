/**
 * The one door through which the command line reaches into the agent (`nodectl diag --from`, `nodectl diag scan`), so that a captured
 * node and a live one are judged by the same code and answer with the same messages. Behind it is loaded what was asked for alone:
 * who scans a log needs none of the services.
 */

import type { Channel } from '../../proto/call/channel.ts';
import type { SavedMachines } from '../host/saved-machines.ts';
import type { OpenedCapture } from './captured-channel.ts';

/** A channel that answers what is the same on every machine, such as the catalogue of checks. Nothing is read of a machine. */
export async function openCatalogue(): Promise<Channel> {
  const { openUnread } = await import('./captured-channel.ts');
  return openUnread();
}

/**
 * Opens the machine that was captured in a folder. Throws BAD_ARGUMENT.
 * @param without files in it that are not of this machine, with the reason
 */
export async function openCaptured(
  folder: string,
  without?: ReadonlyMap<string, string>,
): Promise<OpenedCapture> {
  const { openCapture } = await import('./captured-channel.ts');
  return openCapture(folder, without);
}

/** The machines whose outputs lie in one folder, each in one of its own. */
export async function machinesOf(folder: string): Promise<SavedMachines> {
  const { savedMachines } = await import('../host/saved-machines.ts');
  return savedMachines(folder);
}

/** The recognition of troubles in saved kernel logs (`nodectl diag scan`): the same as on a node. */
export async function openScan(): Promise<typeof import('./signatures/saved-log.ts').scanLog> {
  const { scanLog } = await import('./signatures/saved-log.ts');
  return scanLog;
}

/** The signatures of troubles in the kernel's log, for who wants to know what one of them looks for. */
export async function openSignatures(): Promise<typeof import('./signatures/catalogue.ts').SIGNATURES> {
  const { SIGNATURES } = await import('./signatures/catalogue.ts');
  return SIGNATURES;
}
