/** Checks of limits of the kernel that a busy node runs into. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { commandLine } from './command-line.ts';
import { kernelIdentity } from './identity.ts';
import { limits, type Use } from './limits.ts';

const SYSCTL = 'https://docs.kernel.org/admin-guide/sysctl/';
const FILES =
  'https://github.com/prometheus/node_exporter/blob/master/docs/node-mixin/alerts/alerts.libsonnet';

const percent = ({ used, limit }: Use) => (100 * used) / limit;

/** A finding where a use is above one of two bounds in percent. */
function nearLimit(
  use: Use | undefined,
  bounds: { warningPercent: number; criticalPercent: number },
  words: { title: string; what: string; setting: string; text: string },
): FindingDraft[] {
  if (!use) return [];
  const share = percent(use);
  if (share < bounds.warningPercent) return [];
  return [
    {
      severity: share >= bounds.criticalPercent ? 'critical' : 'warning',
      title: words.title,
      parameters: { percent: Math.round(share), used: use.used, limit: use.limit },
      evidence: [`${use.used} ${words.what}, ${words.setting} is ${use.limit}`],
      remedy: { text: words.text, risk: 'none' },
    },
  ];
}

const tasks = check({
  id: 'kernel.tasks-near-limit',
  area: 'kernel',
  title: 'Processes and threads near the kernel’s limit',
  about:
    'When kernel.pid_max or kernel.threads-max is reached, nothing can be started any more, not even what would help: fork fails with "Resource temporarily unavailable".',
  needs: { limits },
  thresholds: {
    warningPercent: {
      value: 80,
      unit: '%',
      source: 'our choice, below kubelet’s pid pressure; nothing can be done at 100 %',
    },
    criticalPercent: { value: 95, unit: '%', source: 'our choice: a burst of threads reaches the end' },
  },
  links: [`${SYSCTL}kernel.html`, 'https://kubernetes.io/docs/concepts/policy/pid-limiting/'],
  evaluate: (facts, bounds) => {
    const { pids, threads } = facts.limits;
    if (!pids && !threads) return new NotApplicable('the kernel does not tell how many tasks there are');
    const nearest = [
      ...(pids ? [{ use: pids, setting: 'kernel.pid_max' }] : []),
      ...(threads ? [{ use: threads, setting: 'kernel.threads-max' }] : []),
    ].sort((a, b) => percent(b.use) - percent(a.use))[0];
    return nearLimit(nearest?.use, bounds, {
      title: 'The limit of processes and threads is nearly reached',
      what: 'processes and threads',
      setting: nearest?.setting ?? '',
      text: 'Find what starts so many (ps -eLf), and raise kernel.pid_max and kernel.threads-max.',
    });
  },
});

const files = check({
  id: 'kernel.files-near-limit',
  area: 'kernel',
  title: 'Open files near the kernel’s limit',
  about: 'When fs.file-max is reached, every program of the node fails to open files and sockets.',
  needs: { limits },
  thresholds: {
    warningPercent: { value: 70, unit: '%', source: 'node-mixin NodeFileDescriptorLimit (warning)' },
    criticalPercent: { value: 90, unit: '%', source: 'node-mixin NodeFileDescriptorLimit (critical)' },
  },
  links: [FILES, `${SYSCTL}fs.html`],
  evaluate: (facts, bounds) =>
    facts.limits.files
      ? nearLimit(facts.limits.files, bounds, {
          title: 'The limit of open files is nearly reached',
          what: 'open files',
          setting: 'fs.file-max',
          text: 'Find what holds so many (ls /proc/*/fd), and raise fs.file-max.',
        })
      : new NotApplicable('the kernel does not tell how many files are open'),
});

const keys = check({
  id: 'kernel.keys-near-quota',
  area: 'kernel',
  title: 'A user’s kernel keys near their quota',
  about:
    'Every container takes a key ring of the user that it runs as. At the quota new ones fail with "disk quota exceeded" although no disk is full.',
  needs: { limits },
  thresholds: {
    warningPercent: { value: 80, unit: '%', source: 'our choice: there is no published one' },
    criticalPercent: { value: 95, unit: '%', source: 'our choice: the next container fails' },
  },
  links: [`${SYSCTL}kernel.html`, 'https://docs.kernel.org/security/keys/core.html'],
  evaluate: ({ limits: { keys: used } }, bounds) => {
    if (!used) return new NotApplicable('the kernel keeps no keys');
    const root = used.uid === 0 ? 'root_' : '';
    const setting = `kernel.keys.${root}max${used.what}`;
    return nearLimit(used, bounds, {
      title: 'A user’s quota of kernel keys is nearly used up',
      what: `${used.what === 'keys' ? 'keys' : 'bytes of keys'} of user ${used.uid}`,
      setting,
      text: `Raise ${setting} in /etc/sysctl.d.`,
    });
  },
});

const inotify = check({
  id: 'kernel.inotify-limits-low',
  area: 'kernel',
  title: 'Default limits of inotify on a node with containers',
  about:
    'The kernel’s default of 128 inotify instances a user is shared by all containers that run as it. kubelet, log collectors and ingress controllers then fail with "too many open files" although files are plenty.',
  needs: { limits },
  thresholds: {
    instances: {
      value: 128,
      unit: '',
      source:
        'the kernel’s default, with which kind’s known issues begin ("Pod errors due to too many open files")',
    },
  },
  links: ['https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files'],
  evaluate: ({ limits: { containers, inotifyInstances, inotifyWatches } }, { instances }) => {
    if (!containers) return new NotApplicable('no containers run here');
    if (inotifyInstances === undefined || inotifyInstances > instances) return [];
    return [
      {
        severity: 'info',
        title: 'The inotify limits are the defaults on a node with containers',
        parameters: { instances: inotifyInstances, watches: inotifyWatches ?? 0 },
        evidence: [
          `fs.inotify.max_user_instances is ${inotifyInstances}, max_user_watches is ${inotifyWatches}`,
        ],
        remedy: {
          text: 'Set fs.inotify.max_user_instances = 512 and fs.inotify.max_user_watches = 524288 in /etc/sysctl.d.',
          risk: 'none',
        },
      },
    ];
  },
});

const entropy = check({
  id: 'kernel.entropy-low',
  area: 'kernel',
  title: 'A kernel that is short of randomness',
  about:
    'Before Linux 5.18 programs that read /dev/random, and before 5.6 those too that call getrandom early, wait while the pool is nearly empty. Since 5.18 it always counts 256.',
  needs: { limits, kernel: kernelIdentity },
  thresholds: { bits: { value: 100, unit: '', source: 'netdata lowest_entropy: below 100 bits' } },
  links: ['https://learn.netdata.cloud/docs/alerts-&-notifications'],
  evaluate: ({ limits: { entropy: bits }, kernel }, { bits: least }) => {
    if (bits === undefined) return new NotApplicable('the kernel does not tell');
    const [major = 0, minor = 0] = kernel.release.split(/[.-]/).map(Number);
    if (major > 5 || (major === 5 && minor >= 18))
      return new NotApplicable('kernels since 5.18 never run short');
    if (bits >= least) return [];
    return [
      {
        severity: 'info',
        title: 'The kernel is short of randomness',
        parameters: { bits },
        evidence: [`/proc/sys/kernel/random/entropy_avail is ${bits}`],
        remedy: { text: 'Give the guest a virtio-rng device, or run rngd.', risk: 'none' },
      },
    ];
  },
});

const console = check({
  id: 'kernel.console-chatty',
  area: 'kernel',
  title: 'Debug messages on a serial console',
  about:
    'Every message that goes to a serial console is written with interrupts off, at 115,200 baud a millisecond for 11 characters. At the level of debug messages that alone causes soft lockups and RCU stalls.',
  needs: { limits, commandLine },
  thresholds: {
    level: {
      value: 8,
      unit: '',
      source: 'printk levels: 8 lets debug messages through (Documentation/core-api/printk-basics.rst)',
    },
  },
  links: ['https://docs.kernel.org/core-api/printk-basics.html'],
  evaluate: ({ limits: { consoleLevel }, commandLine: words }, { level }) => {
    const serial = words.parameters.find(
      ({ name, value }) => name === 'console' && /^tty(?:S|AMA|USB)/.test(value),
    );
    if (!serial || consoleLevel === undefined) return new NotApplicable('there is no serial console');
    const chatty = consoleLevel >= level || words.parameters.some(({ name }) => name === 'ignore_loglevel');
    if (!chatty) return [];
    return [
      {
        severity: 'info',
        title: 'Debug messages go to a serial console',
        evidence: [`kernel.printk is ${consoleLevel}, console=${serial.value}`],
        remedy: {
          text: 'Set kernel.printk = 4 4 1 7, or take debug and ignore_loglevel off the command line.',
          risk: 'none',
        },
      },
    ];
  },
});

const cgroups = check({
  id: 'kernel.cgroup-v1',
  area: 'kernel',
  title: 'Containers on the first cgroup hierarchy',
  about:
    'Kubernetes keeps the first hierarchy in maintenance only since 1.31 and systemd dropped it in 258. On it there is no memory.high, no PSI a container, and no safe delegation.',
  needs: { limits },
  links: [
    'https://kubernetes.io/docs/concepts/architecture/cgroups/',
    'https://kubernetes.io/blog/2024/08/14/kubernetes-1-31-moving-cgroup-v1-support-maintenance-mode/',
  ],
  evaluate: ({ limits: { cgroup, containers } }) => {
    if (!containers) return new NotApplicable('no containers run here');
    if (cgroup === '2' || cgroup === '') return [];
    return [
      {
        severity: 'info',
        title: 'Containers run on the first cgroup hierarchy',
        evidence: [
          cgroup === 'hybrid'
            ? 'both hierarchies are mounted'
            : 'there is no /sys/fs/cgroup/cgroup.controllers',
        ],
        remedy: {
          text: 'Boot with systemd.unified_cgroup_hierarchy=1 once the container runtime is ready for it.',
          risk: 'reboot',
        },
      },
    ];
  },
});

/** Checks of limits. */
export const LIMIT_CHECKS: readonly Check[] = [tasks, files, keys, inotify, entropy, console, cgroups];
