/** Limits of the kernel that a busy node runs into: tasks, open files, keys, inotify. */

import { line, type Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { savedSysctls, sysctlNumber, sysctlText } from './saved.ts';

/** Something that is counted, and where it ends. */
export interface Use {
  readonly used: number;
  readonly limit: number;
}

/** Limits with their use; undefined where the kernel does not tell. */
export interface Limits {
  /** Tasks (processes and threads) in the whole system, against kernel.pid_max. */
  readonly pids: Use | undefined;
  /** The same against kernel.threads-max. */
  readonly threads: Use | undefined;
  /** Open files, against fs.file-max. */
  readonly files: Use | undefined;
  /** The user with the greatest share of its quota of keys or of their bytes. */
  readonly keys: (Use & { readonly uid: number; readonly what: 'keys' | 'bytes' }) | undefined;
  readonly inotifyInstances: number | undefined;
  readonly inotifyWatches: number | undefined;
  readonly maxMapCount: number | undefined;
  /** Bits of entropy, always 256 since Linux 5.18. */
  readonly entropy: number | undefined;
  /** Messages more urgent than this level go to the console. */
  readonly consoleLevel: number | undefined;
  /** cgroup hierarchy: 2, 1, or "hybrid". */
  readonly cgroup: '1' | '2' | 'hybrid' | '';
  /** Whether a kubelet or a container runtime is there. */
  readonly containers: boolean;
}

/** The user of /proc/key-users that is nearest to a quota: "uid: usage nkeys/nikeys qnkeys/maxkeys qnbytes/maxbytes". */
export function parseKeyUsers(text: string): Limits['keys'] {
  let most: Limits['keys'];
  for (const row of text.split('\n').slice(0, 10_000)) {
    const match = /^\s*(\d+):\s*\d+\s+\d+\/\d+\s+(\d+)\/(\d+)\s+(\d+)\/(\d+)/.exec(row);
    if (!match) continue;
    const [uid = 0, keys = 0, maxKeys = 0, bytes = 0, maxBytes = 0] = match.slice(1).map(Number);
    for (const one of [
      { uid, what: 'keys', used: keys, limit: maxKeys } as const,
      { uid, what: 'bytes', used: bytes, limit: maxBytes } as const,
    ])
      if (one.limit > 0 && (!most || one.used / one.limit > most.used / most.limit)) most = one;
  }
  return most;
}

function use(used: number | undefined, limit: number | undefined): Use | undefined {
  return used === undefined || limit === undefined || limit <= 0 || !Number.isFinite(used)
    ? undefined
    : { used, limit };
}

function cgroupVersion(machine: Machine): Limits['cgroup'] {
  if (machine.has('sys/fs/cgroup/cgroup.controllers')) return '2';
  if (machine.has('sys/fs/cgroup/unified/cgroup.controllers')) return 'hybrid';
  return machine.has('sys/fs/cgroup/memory') || machine.has('sys/fs/cgroup/cpu') ? '1' : '';
}

const CONTAINERS = ['run/containerd', 'var/lib/kubelet', 'run/crio', 'var/lib/docker', 'etc/kubernetes'];

/** Limits and their use. */
export const limits = fact({
  id: 'kernel.limits',
  reads: [
    '/proc/loadavg',
    '/proc/sys/kernel/{pid_max,threads-max,printk}',
    '/proc/sys/fs/file-nr',
    '/proc/key-users',
    '/proc/sys/fs/inotify',
    '/proc/sys/vm/max_map_count',
    '/proc/sys/kernel/random/entropy_avail',
  ],
  limitMs: 1_000,
  read: async ({ machine, get }): Promise<Limits> => {
    const saved = await get(savedSysctls);
    const own = (key: string) => sysctlNumber(machine, saved, key);
    const tasks = /^\S+ \S+ \S+ \d+\/(\d+)/.exec(line(machine, 'proc/loadavg') ?? '')?.[1];
    const total = tasks === undefined ? undefined : Number(tasks);
    const files = /^(\d+)\s+\d+\s+(\d+)/.exec(sysctlText(machine, saved, 'fs.file-nr') ?? '');
    const level = /^\d+/.exec(sysctlText(machine, saved, 'kernel.printk') ?? '')?.[0];
    return {
      pids: use(total, own('kernel.pid_max')),
      threads: use(total, own('kernel.threads-max')),
      files: files ? use(Number(files[1]), Number(files[2])) : undefined,
      keys: parseKeyUsers(machine.text('proc/key-users') ?? ''),
      inotifyInstances: own('fs.inotify.max_user_instances'),
      inotifyWatches: own('fs.inotify.max_user_watches'),
      maxMapCount: own('vm.max_map_count'),
      entropy: own('kernel.random.entropy_avail'),
      consoleLevel: level === undefined ? undefined : Number(level),
      cgroup: cgroupVersion(machine),
      containers: CONTAINERS.some((path) => machine.has(path)),
    };
  },
});
