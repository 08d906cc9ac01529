/** What a machine has and an agent without the rights to it does not see: to be told as that, and never taken for "there is none". */

import type { Machine } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';

/** How /proc is mounted where it hides processes of other users (proc(5); systemd's ProtectProc= mounts it so for a unit). */
const HIDING = /^\S+ \/proc proc \S*\bhidepid=(?!0|off)/m;

/** Why not all processes can be seen; undefined where they can. */
export function processesHidden(machine: Machine): Unavailable | undefined {
  if (machine.has('proc/1/stat') || !HIDING.test(machine.text('proc/mounts') ?? '')) return undefined;
  return new Unavailable(
    'denied',
    'processes of other users are hidden from the agent (hidepid= of /proc): it needs root, CAP_SYS_PTRACE or the group that gid= names',
  );
}

/** What journalctl says on stderr to who may not read the system's journal (systemd 219 to 258). */
const REFUSED =
  /not seeing messages from (?:other users|the system)|insufficient permissions|No journal files were opened/i;

/** Why a journal could not be read that may well be there; undefined where journalctl does not say so. @param stderr of journalctl */
export function journalRefused(stderr: string): Unavailable | undefined {
  if (!REFUSED.test(stderr)) return undefined;
  return new Unavailable(
    'denied',
    'the system’s journal may not be read: the agent needs root or the group systemd-journal',
  );
}
