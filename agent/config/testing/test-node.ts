/** The config of a simulated node, for tests: everything below one folder. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { simulatedConfigHost } from '../../sim/config-host.ts';
import { MemoryMachine } from '../../sim/memory-machine.ts';
import { ConfigDomain } from '../domain.ts';
import type { ConfigHost } from '../resource.ts';
import type { TrialTimer } from '../trial-timer.ts';

/** Where a change comes from, in tests. */
export const ORIGIN = { author: 'nodectl://operator/test/admin', commit: '', dirty: false, message: '' };

/** What a test sets of the node's time, and hears of it. */
export interface TestNode {
  readonly boot?: string;
  /** Milliseconds by which the wall clock is ahead; a test changes it. */
  readonly clock?: { aheadMs: number; uptimeMs?: number };
  readonly step?: (name: string) => void;
  readonly timer?: TrialTimer;
  readonly host?: (host: ConfigHost) => ConfigHost;
  readonly warnings?: string[];
}

/** Opens the config of the node in FOLDER/root with its state in FOLDER/state. */
export function openConfig(folder: string, node: TestNode = {}): Promise<ConfigDomain> {
  const { clock, boot = 'boot-1', step, timer } = node;
  mkdirSync(join(folder, 'root'), { recursive: true });
  const server = new MemoryMachine({
    files: new Map<string, string | (() => string)>([
      ['proc/sys/kernel/random/boot_id', `${boot}\n`],
      ['proc/uptime', () => `${(clock?.uptimeMs ?? performance.now()) / 1_000} 0.00\n`],
    ]),
  });
  server.now = () => Date.now() + (clock?.aheadMs ?? 0);
  const host = simulatedConfigHost('web-1', join(folder, 'root'), server);
  const say = (...said: unknown[]) => void node.warnings?.push(JSON.stringify(said));
  return ConfigDomain.open({
    ...{ node: 'web-1', folder: join(folder, 'state'), host: node.host?.(host) ?? host },
    log: { debug: () => {}, info: () => {}, warn: say, error: say },
    ...(step ? { step } : {}),
    ...(timer ? { timer } : {}),
  });
}
