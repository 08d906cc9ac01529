/** Health of all disks, by smartctl, or by nvme-cli where that is what is installed. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';
import { type Device, devices } from './devices.ts';
import type { DiskHealth } from './health.ts';
import { parseNvmeLog } from './nvme-log.ts';
import { parseSmartJson } from './smart-json.ts';
import { savedHealth } from './smart-saved.ts';
import { parseSmartText } from './smart-text.ts';
import { fromSmartd } from './smartd-state.ts';

/** A healthy disk answers in 20 to 60 ms. */
const DISK_LIMIT_MS = 4_000;
const AT_ONCE = 8;
const MAX_DISKS = 256;

/** Disks that a hypervisor or a storage array makes up: they have no health of their own. */
const VIRTUAL =
  /^(QEMU|VMware|VBOX|Msft|Google|LIO-ORG|NETAPP|PURE|DGC|EMC|IBM,? ?2|HITACHI OPEN|HP OPEN|3PARdata|COMPELNT|DELL MD|NUTANIX|Linux scsi_debug|Amazon Elastic Block|Virtual)/i;
/** RAID controllers whose disks smartctl finds behind them. */
const CONTROLLERS = /^(megaraid_sas|hpsa|aacraid|3w-9xxx|3w-sas|arcmsr)$/;

/** What can be asked for its health. */
interface Target {
  /** "sda", or "sda megaraid,3". */
  readonly name: string;
  readonly path: string;
  readonly type: string | undefined;
  readonly nvme: boolean;
}

/** One target for each disk; an NVMe controller with several namespaces is asked once. */
function targetsOf(all: readonly Device[]): Target[] {
  const seen = new Set<string>();
  return all.flatMap(({ name, disk, kind, model, empty }): Target[] => {
    if (!disk || empty || (kind !== 'scsi' && kind !== 'nvme') || VIRTUAL.test(model)) return [];
    const controller = kind === 'nvme' ? name.replace(/n\d+$/, '') : name;
    if (seen.has(controller)) return [];
    seen.add(controller);
    return [{ name, path: `/dev/${name}`, type: undefined, nvme: kind === 'nvme' }];
  });
}

/** Disks behind RAID controllers, as `smartctl --scan -j` finds them. */
async function hiddenTargets(machine: Machine, signal: AbortSignal): Promise<Target[]> {
  const hosts = machine.list('sys/class/scsi_host');
  if (
    !hosts.some((host) =>
      CONTROLLERS.test(machine.text(`sys/class/scsi_host/${host}/proc_name`)?.trim() ?? ''),
    )
  )
    return [];
  const { stdout } = await machine.run('smartctl', ['--scan', '-j'], { timeoutMs: DISK_LIMIT_MS, signal });
  let found: unknown;
  try {
    found = (JSON.parse(stdout) as { devices?: unknown }).devices;
  } catch (error) {
    throw new Unavailable('nonsense', 'smartctl --scan printed no JSON', error);
  }
  return (Array.isArray(found) ? found : []).flatMap(
    ({ name, type }: { name?: unknown; type?: unknown }): Target[] => {
      // Only such as smartctl itself is documented to print; they become arguments.
      if (typeof name !== 'string' || typeof type !== 'string') return [];
      if (
        !/^\/dev\/[\w/]{1,40}$/.test(name) ||
        !/^(sat\+)?(megaraid|cciss|3ware|areca|aacraid),[\d,/]{1,12}$/.test(type)
      )
        return [];
      return [{ name: `${name.slice('/dev/'.length)} ${type}`, path: name, type, nvme: false }];
    },
  );
}

async function ask(
  machine: Machine,
  { name, path, type, nvme }: Target,
  signal: AbortSignal,
): Promise<DiskHealth> {
  const limits = { timeoutMs: DISK_LIMIT_MS, signal };
  const kind = type === undefined ? [] : ['-d', type];
  try {
    // A disk that sleeps is not woken.
    const args = ['-a', '-j', '-n', 'standby', ...kind, path];
    const { stdout, stderr } = await machine.run('smartctl', args, limits);
    const text = stdout.trim() === '' ? stderr : stdout;
    return text.trimStart().startsWith('{') ? parseSmartJson(name, text) : parseSmartText(name, text);
  } catch (error) {
    const { kind: why } = unavailable(error);
    if (!nvme || (why !== 'missing-tool' && why !== 'not-captured')) throw error;
    const { code, stdout, stderr } = await machine
      .run('nvme', ['smart-log', path, '-o', 'json'], limits)
      .catch((other: unknown) => {
        // Where neither is there, smartctl is the one to name: it knows all kinds of disks.
        throw unavailable(other).kind === why ? error : other;
      });
    if (code !== 0 && stdout.trim() === '')
      throw new Unavailable(
        /permission/i.test(stderr) ? 'denied' : 'failed',
        `nvme smart-log of ${name}: ${stderr.slice(0, 200)}`,
      );
    return parseNvmeLog(name, stdout);
  }
}

/** Health of every disk that keeps records of it. */
export const smart = fact({
  id: 'disk.smart',
  reads: [
    'smartctl -a -j -n standby DISK',
    'smartctl --scan -j',
    'nvme smart-log DISK -o json',
    '/var/lib/smartmontools/smartd.*.ata.state, where the agent may not ask disks',
  ],
  limitMs: 15_000,
  waits: true,
  read: async ({ machine, signal, get, part, problem }): Promise<readonly DiskHealth[]> => {
    const saved = savedHealth(machine);
    const all = await get(devices).catch((error: unknown): readonly Device[] => {
      // The disks whose health was saved are there, whether /sys was captured or not.
      if (saved.disks.size + saved.failed.size === 0) throw error;
      return [];
    });
    // smartctl is asked of an NVMe drive, or of its first namespace.
    const told = (name: string) => saved.disks.has(name) || saved.disks.has(name.replace(/n\d+$/, ''));
    const targets = [
      ...targetsOf(all),
      ...((await part('smartctl --scan', () => hiddenTargets(machine, signal))) ?? []),
    ].filter(({ name }) => !told(name) && !saved.failed.has(name));
    if (targets.length + saved.disks.size + saved.failed.size === 0)
      throw new Unavailable(
        'absent',
        'this machine has no disks of its own that keep records of their health',
      );
    if (targets.length > MAX_DISKS)
      problem({
        what: 'smartctl',
        kind: 'failed',
        why: `of ${targets.length} disks only ${MAX_DISKS} were asked`,
      });
    const found: DiskHealth[] = [...saved.disks.values()];
    const failed = [...saved.failed].map(([name, why]) => ({ name, why }));
    const queue = targets.slice(0, MAX_DISKS);
    const work = async () => {
      for (let target = queue.shift(); target; target = queue.shift()) {
        const { name } = target;
        try {
          found.push(await ask(machine, target, signal));
        } catch (error) {
          const why = unavailable(error);
          const model = all.find((device) => device.name === name)?.model ?? '';
          const noted =
            why.kind === 'denied' || why.kind === 'missing-tool'
              ? fromSmartd(machine, name, model)
              : undefined;
          if (noted) found.push(noted);
          else failed.push({ name, why });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, work));
    const [first] = failed;
    // What is the same for every disk, a missing tool or permission, is told once.
    if (first && found.length === 0 && failed.every(({ why }) => why.kind === first.why.kind))
      throw first.why;
    for (const { name, why } of failed)
      if (why.kind !== 'absent') problem({ what: `health of ${name}`, kind: why.kind, why: why.message });
    // Some forms do not say what disk it is; the kernel does.
    const known = (name: string) => all.find((device) => device.name === name);
    return found
      .map((one) => ({
        ...one,
        model: one.model || (known(one.name)?.model ?? ''),
        firmware: one.firmware || (known(one.name)?.firmware ?? ''),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});
