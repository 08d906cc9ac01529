/** `nodectl-agent revert-config`: what systemd starts when a trial's deadline has passed and the agent may not be there to see it. */

import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { Log } from '../../proto/serve/log.ts';
import { HostFiles } from '../host/host-files.ts';
import { LiveMachine } from '../host/live-machine.ts';
import { takeStateFolder } from '../server/state-folder.ts';
import { ConfigDomain } from './domain.ts';

/** Puts back a trial whose time is over. Where an agent runs, it does that itself. Gives a sentence that says what was done. */
export async function revertConfig(state: string, node: string, log: Log): Promise<string> {
  let letGo: () => void;
  try {
    letGo = takeStateFolder(state);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `nothing was done: ${error.message}`;
  }
  try {
    const host = { machine: new LiveMachine(), files: new HostFiles('/', [state]) };
    const domain = await ConfigDomain.open({ node, folder: join(state, 'config'), host, log });
    domain.close();
    const open = domain.trial();
    if (open)
      return `the trial of revision ${open.revision} goes on until ${new Date(open.trial.deadlineMs).toISOString()}`;
    const running = domain.revisions.running();
    return running ? `the node is at revision ${running.number}` : 'no document is in force';
  } finally {
    letGo();
  }
}
