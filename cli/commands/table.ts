/** All commands, in the order of the help page. */

import { ACCESS } from './access/command.ts';
import { AGENT } from './agent/command.ts';
import { AUDIT } from './audit/command.ts';
import { CHECK } from './check/command.ts';
import { CLOCK } from './clock/command.ts';
import { COMPLETE, COMPLETION } from './completion/command.ts';
import { CONFIG } from './config/command.ts';
import { CONTEXT } from './context/command.ts';
import type { CommandSpec } from './declaration.ts';
import { DIAG } from './diag/command.ts';
import { DMESG } from './dmesg/command.ts';
import { GET } from './get/command.ts';
import { HELP } from './help/command.ts';
import { HISTORY } from './history/command.ts';
import { IMAGE } from './image/command.ts';
import { KERNEL } from './kernel/command.ts';
import { LOGS } from './logs/command.ts';
import { METRICS } from './metrics/command.ts';
import { NIC } from './nic/command.ts';
import { NODES } from './nodes/command.ts';
import { PKI } from './pki/command.ts';
import { REPORT } from './report/command.ts';
import { SLOTS } from './slots/command.ts';
import { UPGRADE } from './upgrade/command.ts';
import { VERSION } from './version/command.ts';
import { WHOAMI } from './whoami/command.ts';

/** All commands. */
export const COMMANDS: readonly CommandSpec[] = [
  GET,
  VERSION,
  CHECK,
  CONFIG,
  IMAGE,
  UPGRADE,
  SLOTS,
  DIAG,
  REPORT,
  KERNEL,
  CLOCK,
  NIC,
  HISTORY,
  METRICS,
  LOGS,
  DMESG,
  AGENT,
  WHOAMI,
  ACCESS,
  AUDIT,
  CONTEXT,
  NODES,
  PKI,
  HELP,
  COMPLETION,
  COMPLETE,
];
