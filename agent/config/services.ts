/** The config of an agent: its service, what the agent heeds of it, and the watch for drift. Loaded when there is something to do. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { AuditSink } from '../../proto/serve/audit.ts';
import type { Service } from '../../proto/serve/handlers.ts';
import { lazyService } from '../../proto/serve/lazy.ts';
import type { ConfigDomain, ConfigParts } from './domain.ts';
import type { DriftWatch } from './drift.ts';
import type { Heeded } from './heeded.ts';

/** The config of an agent. */
export interface ConfigRoom {
  readonly service: Service;
  /** What the agent heeds of the running document, or undefined where it never loaded one. */
  readonly heeded: Heeded | undefined;
  /** Whether a document is being tried, applied or put back. */
  readonly underWay: boolean;
  /** Troubles that a person should know of, each one sentence. */
  readonly warnings: string[];
  /** Stops what it waits for and watches. */
  close(): void;
}

/** What the room needs of the agent. */
export interface ConfigRoomParts extends Omit<ConfigParts, 'timer'> {
  readonly audit: AuditSink;
  /** The command that systemd starts at a trial's deadline; without it only the agent watches the deadline. */
  readonly revertCommand?: readonly string[];
  /** Called with what the agent heeds of the document that runs, at the start and after each change. */
  readonly heed?: (heeded: Heeded) => void;
}

/** Files that say that there is something to do at the start: an apply was cut off, a trial runs, a document waits or is in force. */
const OPEN = ['apply.json', 'staged.json', 'running'];

/** Opens the config of a node: what a crash left is ended before the agent serves. */
export async function configRoom(parts: ConfigRoomParts): Promise<ConfigRoom> {
  let loading: Promise<{ domain: ConfigDomain; drift: DriftWatch }> | undefined;
  let opened: { domain: ConfigDomain; drift: DriftWatch } | undefined;
  const open = async () => {
    const [{ ConfigDomain }, { DriftWatch }, { systemdTrialTimer }] = await Promise.all([
      import('./domain.ts'),
      import('./drift.ts'),
      import('./trial-timer.ts'),
    ]);
    const { host, log, audit, revertCommand } = parts;
    const timer = revertCommand && systemdTrialTimer(host, revertCommand);
    const domain = await ConfigDomain.open({ ...parts, ...(timer ? { timer } : {}) });
    const drift = new DriftWatch({
      ...{ domain, log, audit, root: host.files.root },
      now: () => host.machine.now(),
    });
    domain.onCommit = () => {
      parts.heed?.(domain.heeded);
      void drift.start();
    };
    parts.heed?.(domain.heeded);
    await drift.start();
    opened = { domain, drift };
    return opened;
  };
  const load = () => {
    loading ??= open().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  let trouble: string | undefined;
  if (OPEN.some((name) => existsSync(join(parts.folder, name))))
    // A node that cannot read its config must be reached all the more.
    await load().catch((err: unknown) => {
      parts.log.error({ err }, 'the config cannot be opened');
      trouble = `the config cannot be opened: ${Failure.from(err).message}`;
    });
  return {
    service: lazyService('nodectl.v1.ConfigService', async () => {
      const { configService } = await import('./service.ts');
      const { domain, drift } = await load();
      return configService(domain, drift);
    }),
    get heeded() {
      return opened?.domain.heeded;
    },
    get underWay() {
      return opened?.domain.underWay ?? false;
    },
    get warnings() {
      if (!opened) return trouble === undefined ? [] : [trouble];
      const { domain, drift } = opened;
      const { drifted } = drift.state;
      const trial = domain.trial();
      return [
        ...domain.warnings,
        ...drift.warnings,
        ...(drifted.length > 0
          ? [
              `${drifted.length === 1 ? 'a resource is' : `${drifted.length} resources are`} not as the document says: nodectl config drift`,
            ]
          : []),
        ...(trial
          ? [
              `config revision ${trial.revision} is being tried and waits to be confirmed: nodectl config confirm`,
            ]
          : []),
      ];
    },
    close: () => {
      opened?.drift.stop();
      opened?.domain.close();
    },
  };
}
