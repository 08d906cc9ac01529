/** What an agent can do beyond the basics, as far as its settings let it and the machine has it: callers are told. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSettings } from '../settings/settings.ts';

/** Their names, in order. @param root the machine that the agent is on, "/" for this one */
export function capabilitiesOf({ logs, issuer, history, upgrades }: AgentSettings, root: string): string[] {
  const has = (...paths: string[]) => paths.some((path) => existsSync(join(root, path)));
  const journal =
    logs.journal === undefined ? has('run/log/journal', 'var/log/journal') : logs.journal !== false;
  const pods = logs.pods === undefined ? has('var/log/pods') : logs.pods !== false;
  return [
    ...(pods ? ['containers'] : []),
    ...(history.enabled ? ['history'] : []),
    ...(issuer ? ['issuer'] : []),
    ...(journal ? ['journal'] : []),
    ...(logs.kernel !== false && has('dev/kmsg') ? ['kernel-log'] : []),
    ...(upgrades?.compatible ? ['upgrades'] : []),
  ];
}
