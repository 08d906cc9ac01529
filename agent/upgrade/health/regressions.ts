/**
 * What is worse than it was: an observation held against the baseline. Only what was well before can have become worse, so a node
 * that had a failed unit before its upgrade may keep it. A changed address is none: leases change. A lost one is.
 */

import { parseProperties } from '../../diagnostics/system/units.ts';
import type { Machine } from '../../host/machine.ts';
import type { Observation } from './observation.ts';

/** Something that does not hold. */
export interface HealthFailure {
  /** What was looked at: "unit chrony.service", "link eth0", "check web". */
  readonly check: string;
  /** How it was before the reboot; empty for what no baseline has: declared checks. */
  readonly was: string;
  /** How it is. */
  readonly is: string;
}

/** Below this the node cannot keep its journals, so that even a fall-back could not be told. */
const LEAST_ROOM = 32 << 20;
/** Arguments of one call; what is beyond is asked for by the next. */
const UNITS_AT_ONCE = 64;
const SHOW_MS = 5_000;

/** What is worse now. Units that run no more are asked for one by one, since a new image may have no such unit any more. */
export async function regressions(
  was: Observation,
  is: Observation,
  machine: Machine,
  signal: AbortSignal,
): Promise<HealthFailure[]> {
  return [
    ...unread(was, is),
    ...units(was, is),
    ...(await stopped(was, is, machine, signal)),
    ...network(was, is),
    ...rest(was, is),
  ];
}

/** Parts that could be read before and cannot be now: a systemd that does not answer is no healthy one. */
function unread(was: Observation, is: Observation): HealthFailure[] {
  const parts = {
    failedUnits: 'failed units',
    runningServices: 'services',
    links: 'links',
    defaultRoutes: 'default routes',
    addresses: 'addresses',
    clock: 'clock',
    kubelet: 'kubelet',
    etcd: 'etcd',
  } as const;
  return Object.entries(parts).flatMap(([part, what]) => {
    if (was[part as keyof typeof parts] === undefined || is[part as keyof typeof parts] !== undefined)
      return [];
    const why = is.leftOut.find((one) => one.what === what)?.why;
    return [{ check: what, was: 'readable', is: why ?? 'is not there any more' }];
  });
}

function units(was: Observation, is: Observation): HealthFailure[] {
  if (!was.failedUnits || !is.failedUnits) return [];
  const before = new Set(was.failedUnits);
  return is.failedUnits
    .filter((name) => !before.has(name))
    .map((name) => ({ check: `unit ${name}`, was: 'not failed', is: 'failed' }));
}

/**
 * Services that ran and do not. One that the image has no more, or does not start by itself (socket, timer, D-Bus), is no
 * regression; one that is enabled and not running is.
 */
async function stopped(
  was: Observation,
  is: Observation,
  machine: Machine,
  signal: AbortSignal,
): Promise<HealthFailure[]> {
  if (!was.runningServices || !is.runningServices) return [];
  const running = new Set(is.runningServices);
  const failed = new Set(is.failedUnits);
  const gone = was.runningServices.filter((name) => !running.has(name) && !failed.has(name));
  const found: HealthFailure[] = [];
  for (let at = 0; at < gone.length; at += UNITS_AT_ONCE) {
    const some = gone.slice(at, at + UNITS_AT_ONCE);
    let told: Map<string, string>[];
    try {
      const { stdout } = await machine.run(
        'systemctl',
        ['show', '--property=Id,LoadState,ActiveState,SubState,UnitFileState,TriggeredBy', '--', ...some],
        { signal, timeoutMs: SHOW_MS },
      );
      told = parseProperties(stdout);
    } catch (error) {
      signal.throwIfAborted();
      return [...found, { check: 'services', was: 'readable', is: (error as Error).message }];
    }
    for (const values of told) {
      const of = (name: string) => values.get(name) ?? '';
      if (of('LoadState') !== 'loaded' || of('ActiveState') === 'active') continue;
      const starts = of('UnitFileState').startsWith('enabled') && of('TriggeredBy') === '';
      // One that is restarted again and again is neither failed nor inactive.
      const tries = of('ActiveState') === 'activating';
      if (starts || tries)
        found.push({
          check: `unit ${of('Id')}`,
          was: 'running',
          is: `${of('ActiveState')} (${of('SubState')})`,
        });
    }
  }
  return found;
}

function network(was: Observation, is: Observation): HealthFailure[] {
  const found: HealthFailure[] = [];
  for (const before of (is.links && was.links) ?? []) {
    if (!before.carrier) continue;
    const check = `link ${before.name}`;
    const now =
      is.links?.find(({ key }) => key === before.key) ?? is.links?.find(({ name }) => name === before.name);
    const rate = (mbps: number | undefined) => (mbps === undefined ? 'up' : `up, ${mbps} Mbit/s`);
    const driver = before.driver === undefined ? '' : `, driver ${before.driver}`;
    if (!now) found.push({ check, was: `${rate(before.speedMbps)}${driver}`, is: 'gone or switched off' });
    else if (!now.carrier) found.push({ check, was: `${rate(before.speedMbps)}${driver}`, is: 'no carrier' });
    else if (
      now.speedMbps !== undefined &&
      before.speedMbps !== undefined &&
      now.speedMbps < before.speedMbps
    )
      found.push({ check, was: rate(before.speedMbps), is: rate(now.speedMbps) });
  }
  for (const family of ['ipv4', 'ipv6'] as const) {
    const [before, now] = [was.defaultRoutes?.[family] ?? [], is.defaultRoutes?.[family]];
    if (before.length > 0 && now?.length === 0)
      found.push({ check: `default route ${family}`, was: `by ${before.join(', ')}`, is: 'none' });
  }
  for (const before of (is.addresses && was.addresses) ?? []) {
    const now =
      is.addresses?.find(({ key }) => key === before.key) ??
      is.addresses?.find(({ name }) => name === before.name);
    for (const family of ['ipv4', 'ipv6'] as const)
      if (before[family].length > 0 && (now?.[family] ?? []).length === 0)
        found.push({ check: `address ${before.name} ${family}`, was: before[family].join(', '), is: 'none' });
  }
  return found;
}

function rest(was: Observation, is: Observation): HealthFailure[] {
  const found: HealthFailure[] = [];
  if (was.clock === 'synchronised' && is.clock !== undefined && is.clock !== 'synchronised')
    found.push({ check: 'clock', was: was.clock, is: is.clock });
  for (const one of ['kubelet', 'etcd'] as const)
    if (was[one] === '' && is[one] !== undefined && is[one] !== '')
      found.push({ check: one, was: 'ready', is: is[one] });
  const [before, now] = [was.stateBytes, is.stateBytes];
  if (before !== undefined && now !== undefined && before >= LEAST_ROOM && now < LEAST_ROOM)
    found.push({ check: 'room for state', was: mebibytes(before), is: mebibytes(now) });
  return found;
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB free`;
}
