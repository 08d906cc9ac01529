/** The releases of an agent: its service, and what it says of itself. The code is loaded when there is something to do. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../proto/failure.ts';
import type { Service } from '../../proto/serve/handlers.ts';
import { lazyService } from '../../proto/serve/lazy.ts';
import type { Log } from '../../proto/serve/log.ts';
import type { UpgradeSettings } from '../settings/settings.ts';
import type { AgentReleases } from './releases.ts';

/** How the launcher started this agent. */
export interface LaunchedAs {
  /** The folder of the releases. */
  readonly folder: string;
  /** The release, or "baked". */
  readonly running: string;
  /** The folder that the program lies in. */
  readonly program: string;
  /** The file by which the guard says that it watches. */
  readonly guard: string;
  /** The code of the agent that the node's image brings, by which the image is told from others. */
  readonly baked: string;
  /** What starts whichever release is in use when it is started. */
  readonly command: readonly string[];
  /** Ends the agent in good order, so that it is started anew. */
  readonly restart: () => void;
}

/** What the agent's version says of releases. */
export interface RunningRelease {
  readonly release: string;
  readonly onTrial: boolean;
}

/** The releases of an agent. */
export interface ReleaseRoom {
  readonly service: Service;
  /** What runs; release is empty where the agent cannot be replaced. */
  readonly running: RunningRelease;
  /** Troubles that a person should know of, each one sentence. */
  readonly warnings: string[];
}

/** Files that say that there is something to do or to tell at the start. */
const OPEN = ['trial', 'confirmed', 'reverting', 'reverted'];
/** Where the guard's run folder is; see nodectl-agent-revert.service. */
const GUARD = '/run/nodectl-agent-revert/deadline';

type Environment = Readonly<Record<string, string | undefined>>;

/** How the environment says that this agent was launched, or undefined where it was not by the launcher under systemd. */
export function launchedAs(env: Environment, restart: () => void): LaunchedAs | undefined {
  const { NODECTL_RELEASES: folder, NODECTL_RELEASE: running, NODECTL_LAUNCHER: launcher } = env;
  if (!folder || !running || !launcher) return undefined;
  return {
    ...{ folder, running, guard: env.NODECTL_GUARD || GUARD, restart },
    program: dirname(dirname(process.execPath)),
    baked: join(dirname(launcher), 'lib', 'nodectl-agent.mjs'),
    command: ['/usr/bin/env', `NODECTL_RELEASES=${folder}`, launcher],
  };
}

/** Opens the releases: what a kill left half done is ended before the agent serves. */
export async function releaseRoom(
  node: string,
  launched: LaunchedAs | undefined,
  settings: UpgradeSettings | undefined,
  log: Log,
): Promise<ReleaseRoom> {
  let opened: AgentReleases | undefined;
  let trouble: string | undefined;
  const load = async () => {
    if (!launched || opened) return opened;
    const [{ AgentReleases: Releases }, { trustedKeys }, { sha256Of }] = await Promise.all([
      import('./releases.ts'),
      import('./keys.ts'),
      import('./incoming.ts'),
    ]);
    const image = await sha256Of(launched.baked);
    opened ??= new Releases({
      ...{ ...launched, log, image },
      trust: settings && {
        keyring: () => trustedKeys(settings.keys),
        threshold: settings.threshold ?? 1,
      },
      platform: `${process.platform}-${process.arch}`,
      now: () => Date.now(),
      uptimeSeconds: () => Number.parseFloat(readFileSync('/proc/uptime', 'utf8')),
    });
    return opened;
  };
  if (launched && OPEN.some((name) => existsSync(join(launched.folder, name))))
    // An agent that cannot read of its releases must be reached all the more.
    await load().catch((err: unknown) => {
      log.error({ err }, 'the releases of the agent cannot be opened');
      trouble = `the releases of the agent cannot be opened: ${Failure.from(err).message}`;
    });
  return {
    service: lazyService('nodectl.v1.AgentReleaseService', async () => {
      const { agentReleaseService } = await import('./service.ts');
      return agentReleaseService(node, await load());
    }),
    get running() {
      const onTrial = opened?.state().trial !== undefined;
      return { release: launched?.running ?? '', onTrial };
    },
    get warnings() {
      return opened ? opened.warnings : trouble === undefined ? [] : [trouble];
    },
  };
}
