/** Looks at a node as an observation tells of it (observation.ts), by the facts of diagnostics, each within its limit. */

import { clockState } from '../../diagnostics/clock/state.ts';
import { usage } from '../../diagnostics/disk/usage.ts';
import { unavailable } from '../../diagnostics/fact.ts';
import { FactStore } from '../../diagnostics/fact-store.ts';
import { type Interface, nicInterfaces } from '../../diagnostics/nic/interfaces.ts';
import { nicSpeeds, type Speeds } from '../../diagnostics/nic/speeds.ts';
import { nicStack } from '../../diagnostics/nic/stack.ts';
import { kubelet } from '../../diagnostics/system/kubernetes.ts';
import { failedUnits, services } from '../../diagnostics/system/units.ts';
import { etcdHealth } from '../../health/etcd-health.ts';
import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { type Link, MOST, type Observation } from './observation.ts';

/** All of it together: facts have limits of their own, and what hangs is left out. */
const OBSERVE_MS = 20_000;
const IP_MS = 5_000;

/** What is looked at beside the machine. */
export interface ObserveOptions {
  /** The agent's state folder, whose file system must have room: "/var/lib/nodectl". */
  readonly stateFolder: string;
  /** ms for all of it, in place of 20 s. */
  readonly observeMs?: number;
}

/** Services that come and go with sessions, devices and single jobs: whether one runs says nothing of the image. */
const PASSING =
  /^(?:user@|user-runtime-dir@|session-|run-|systemd-(?:fsck|cryptsetup|coredump|backlight|rfkill|hibernate|networkd-wait)|(?:serial-|console-|container-)?getty@|autovt@|lvm2-pvscan@|modprobe@|nodectl-upgrade-)/;

/** Looks at everything. Never throws but for an abort, and never takes longer than 20 s. */
export async function observeNode(
  machine: Machine,
  { stateFolder, observeMs = OBSERVE_MS }: ObserveOptions,
  signal: AbortSignal,
): Promise<Observation> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(observeMs)]);
  const facts = new FactStore(machine, over);
  const leftOut: { what: string; why: string }[] = [];
  const part = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await until(read(), over, what);
    } catch (error) {
      const { kind, message } = unavailable(error);
      // What the machine does not have is nothing that could break.
      if (kind !== 'absent' && leftOut.length < MOST.leftOut)
        leftOut.push({ what, why: message.slice(0, MOST.text) });
      return undefined;
    }
  };
  const [failed, running, links, routes, addresses, clock, kubeletTrouble, etcdTrouble, stateBytes] =
    await Promise.all([
      part('failed units', async () => (await facts.get(failedUnits)).map(({ name }) => name)),
      part('services', async () =>
        (await facts.get(services))
          .filter(({ active, sub, name }) => active === 'active' && sub === 'running' && !PASSING.test(name))
          .map(({ name }) => name),
      ),
      part('links', async () => linksOf(await facts.get(nicInterfaces), await speedsOf(facts))),
      part('default routes', async () => (await facts.get(nicStack)).routes),
      part('addresses', async () => addressesOf(machine, await facts.get(nicInterfaces), over)),
      part('clock', async () => (await facts.get(clockState)).sync),
      part('kubelet', async () => (await facts.get(kubelet)).trouble),
      part('etcd', async () => (await facts.get(etcdHealth)).trouble),
      part(`room in ${stateFolder}`, async () => roomIn(stateFolder, facts)),
    ]);
  signal.throwIfAborted();
  const short = (value: string) => value.slice(0, MOST.text);
  return {
    ...(failed ? { failedUnits: failed.slice(0, MOST.units).map(short) } : {}),
    ...(running ? { runningServices: running.slice(0, MOST.units).map(short) } : {}),
    ...(links ? { links: links.slice(0, MOST.links) } : {}),
    ...(routes ? { defaultRoutes: { ipv4: names(routes.ipv4), ipv6: names(routes.ipv6) } } : {}),
    ...(addresses ? { addresses: addresses.slice(0, MOST.interfaces) } : {}),
    ...(clock !== undefined && clock !== 'unknown' ? { clock } : {}),
    ...(kubeletTrouble === undefined ? {} : { kubelet: short(kubeletTrouble) }),
    ...(etcdTrouble === undefined ? {} : { etcd: short(etcdTrouble) }),
    ...(stateBytes === undefined ? {} : { stateBytes }),
    leftOut,
  };
}

/** A reading, given up when the time is over, whether or not it heeds a signal. */
async function until<T>(reading: Promise<T>, over: AbortSignal, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const give = () => late.reject(new Unavailable('timeout', `${what} could not be read in time`));
  over.addEventListener('abort', give, { once: true });
  if (over.aborted) give();
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    over.removeEventListener('abort', give);
  }
}

function names(all: readonly string[]): string[] {
  return [...new Set(all)].slice(0, 64).map((one) => one.slice(0, MOST.text));
}

async function speedsOf(facts: FactStore): Promise<ReadonlyMap<string, Speeds>> {
  // A device that does not tell its speed has a link all the same.
  return facts.get(nicSpeeds).catch(() => new Map());
}

/** Interfaces of the machine's own: those of containers and virtual machines come and go. */
function isOwn({ kind, lower }: Interface, all: ReadonlyMap<string, Interface>): boolean {
  if (kind === 'physical' || kind === 'bond' || kind === 'team' || kind === 'vlan') return true;
  return (
    kind === 'bridge' && lower.some((name) => /^(?:physical|bond|team|vlan)$/.test(all.get(name)?.kind ?? ''))
  );
}

/** What an interface is known by across kernels. Two ports of one device are told apart by their number. */
function keyOf({ name, device }: Interface): string {
  return device ? [device.bus, device.address, ...(device.port ? [device.port] : [])].join('/') : name;
}

function linksOf(interfaces: readonly Interface[], speeds: ReadonlyMap<string, Speeds>): Link[] {
  return interfaces
    .filter(({ kind, up }) => up && (kind === 'physical' || kind === 'bond' || kind === 'team'))
    .map((one) => {
      const speedMbps = speeds.get(one.name)?.speedMbps;
      const driver = one.device?.driver;
      return {
        ...{ key: keyOf(one), name: one.name, carrier: one.carrier === true },
        ...(driver === undefined ? {} : { driver }),
        ...(speedMbps === undefined ? {} : { speedMbps }),
      };
    });
}

interface IpAddress {
  readonly ifname?: string;
  readonly addr_info?: readonly {
    readonly family?: string;
    readonly local?: string;
    readonly prefixlen?: number;
    readonly scope?: string;
  }[];
}

/** @throws Unavailable */
async function addressesOf(
  machine: Machine,
  interfaces: readonly Interface[],
  signal: AbortSignal,
): Promise<NonNullable<Observation['addresses']>> {
  const { code, stdout, stderr } = await machine.run('ip', ['-json', 'address', 'show'], {
    ...{ signal, timeoutMs: IP_MS },
  });
  if (code !== 0) throw new Unavailable('failed', `ip address show failed: ${stderr.split('\n')[0]}`);
  let told: readonly IpAddress[];
  try {
    const parsed: unknown = JSON.parse(stdout);
    if (!Array.isArray(parsed)) throw new Error('it is no list');
    told = parsed as IpAddress[];
  } catch (error) {
    throw new Unavailable('nonsense', 'ip address show printed no JSON', error);
  }
  const byName = new Map(interfaces.map((one) => [one.name, one]));
  return told.flatMap(({ ifname = '', addr_info: infos = [] }) => {
    const one = byName.get(ifname);
    if (!one || !isOwn(one, byName)) return [];
    const of = (family: string) =>
      names(
        infos
          .filter((info) => info.family === family && info.scope === 'global')
          .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
      ).slice(0, 32);
    const found = { key: keyOf(one), name: ifname, ipv4: of('inet'), ipv6: of('inet6') };
    return found.ipv4.length + found.ipv6.length > 0 ? [found] : [];
  });
}

/** Bytes that can be written to the file system that a folder is on. @throws Unavailable */
async function roomIn(folder: string, facts: FactStore): Promise<number> {
  const { known } = await facts.get(usage);
  const above = known
    .filter(({ mount: { path } }) => path === '/' || folder === path || folder.startsWith(`${path}/`))
    .sort((one, other) => other.mount.path.length - one.mount.path.length)[0];
  if (!above) throw new Unavailable('failed', `nothing tells how full the file system of ${folder} is`);
  return above.availableBytes;
}
