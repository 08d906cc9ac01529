/** Troubles as real fleets have them, planted in nodes that are made up. For tests, and for the pictures in docs/. */

import type { CheckResult__Output } from '../../proto/gen/types/nodectl/v1/CheckResult.ts';
import type { Finding, NodeReport } from './fold/model.ts';
import { type MadeNode, madeFinding, madeNodes, madeReport, random } from './testing.ts';

/** When made-up nodes answer. */
const MADE_NOW_USEC = 1_795_000_000_000_000;
const MINUTE = 60_000_000;

/** The checks that a made-up agent knows, beside those of its findings. */
const CHECKS = [
  ...['kernel.tainted', 'kernel.hung-task', 'kernel.oops', 'kernel.rcu-stall', 'kernel.soft-lockup'],
  ...['clock.unsynchronised', 'clock.offset', 'clock.frequency', 'clock.sources'],
  ...['nic.crc-errors', 'nic.tx-timeouts', 'nic.link-flaps', 'nic.half-duplex', 'nic.drops'],
  ...['disk.smart', 'disk.full', 'disk.io-errors', 'memory.pressure', 'memory.ecc', 'system.failed-units'],
];

const trait = (node: MadeNode, name: string): string =>
  node.traits.find((one) => one.name === name)?.value ?? '';

/** Interfaces with one firmware reset themselves; the timeouts cause flaps of the link. */
function oldFirmware(node: MadeNode, next: () => number): Finding[] {
  const [firmware, driver] = [trait(node, 'nic.firmware'), trait(node, 'nic.driver')];
  if (!firmware.includes(' 22.31.1014 ') || next() < 0.05) return [];
  const subject = {
    ...{ kind: 'nic', name: 'eth0', hardware: `${driver} ${trait(node, 'nic.pci')}` },
    attributes: { driver, firmware, switch: trait(node, 'nic.switch') },
  };
  const last = MADE_NOW_USEC - Math.floor(next() * 90 * MINUTE);
  const times = { firstUsec: last - 30 * MINUTE, lastUsec: last };
  return [
    madeFinding({
      ...{ id: 'nic.tx-timeouts', severity: 'SEVERITY_CRITICAL', subject, ...times },
      title: 'Transmit queues of a network interface hang and are reset',
      evidence: ['mlx5_core 0000:3b:00.0 eth0: TX timeout detected'],
      parameters: { timeoutsPerHour: String(Math.round(2 + next() * 8)) },
      explains: ['nic.link-flaps'],
      remedy: {
        text: 'Update the interface’s firmware to that of the healthy nodes.',
        risk: 'REMEDY_RISK_REBOOT',
      },
      count: Math.round(3 + next() * 30),
    }),
    madeFinding({
      ...{ id: 'nic.link-flaps', subject, ...times },
      title: 'The link of a network interface goes down again and again',
    }),
  ];
}

/** A rack's time server is off. */
function badClock(node: MadeNode, next: () => number): Finding[] {
  if (node.labels.rack !== 'b') return [];
  const offset = 0.29 + next() * 0.02;
  return [
    madeFinding({
      ...{ id: 'clock.offset', lastUsec: MADE_NOW_USEC },
      subject: { kind: 'clock', name: 'system', hardware: '', attributes: {} },
      title: 'The clock is off',
      evidence: [`chronyc tracking: system time ${offset.toFixed(6)} seconds slow of NTP time`],
      parameters: { offsetSeconds: offset.toFixed(6) },
      explains: ['etcd.clock'],
      remedy: { text: 'Find out why the time server is off: nodectl clock.', risk: 'REMEDY_RISK_NONE' },
    }),
  ];
}

/** One disk on its way out, one hung task, some kernels that are tainted. */
function single(node: MadeNode, at: number): Finding[] {
  const found: Finding[] = [];
  if (at === 6)
    found.push(
      madeFinding({
        ...{ id: 'disk.smart', severity: 'SEVERITY_CRITICAL', lastUsec: MADE_NOW_USEC - 8 * MINUTE },
        subject: { kind: 'disk', name: 'nvme0n1', hardware: trait(node, 'disk.model'), attributes: {} },
        title: 'A disk says of itself that it is failing',
        evidence: ['smartctl -j -a /dev/nvme0n1: critical_warning 4, available_spare 3 % (threshold 10 %)'],
        remedy: { text: 'Replace the disk; move what it holds first.', risk: 'REMEDY_RISK_DATA' },
      }),
    );
  if (at === 9)
    found.push(
      madeFinding({
        ...{ id: 'kernel.hung-task', lastUsec: MADE_NOW_USEC - 3 * MINUTE, count: 14 },
        subject: { kind: 'kernel', name: '', hardware: '', attributes: {} },
        title: 'A task waits in the kernel for minutes',
        evidence: ['INFO: task jbd2/dm-0-8:512 blocked for more than 120 seconds.'],
        remedy: {
          text: 'Look at what it waits for: nodectl dmesg; a disk or NFS server is likely.',
          risk: 'REMEDY_RISK_NONE',
        },
      }),
    );
  if (at % 3 === 0)
    found.push(
      madeFinding({
        ...{ id: 'kernel.tainted', severity: 'SEVERITY_INFO' },
        subject: { kind: 'kernel', name: '', hardware: '', attributes: {} },
        title: 'Modules from outside the kernel are loaded',
        evidence: ['/proc/sys/kernel/tainted: 4096 (O)'],
      }),
    );
  return found;
}

/** Tools that are missing on some nodes, so that checks cannot be made there. */
function unmade(at: number): CheckResult__Output[] {
  if (at % 40 !== 2) return [];
  return ['nic.fec', 'nic.module-power', 'nic.rings'].map((id) => ({
    ...{ id, status: 'CHECK_STATUS_SKIPPED' as const },
    reason: 'ethtool is not installed',
  }));
}

/** A fleet with a firmware that resets interfaces, a rack whose clocks are off, and single troubles of single nodes. */
export function faultyFleet(count: number, seed: number): NodeReport[] {
  const next = random(seed);
  const checks = [...CHECKS, 'nic.fec', 'nic.module-power', 'nic.rings'];
  return madeNodes(count, seed).map((node, at) =>
    madeReport(
      node,
      [...oldFirmware(node, next), ...badClock(node, next), ...single(node, at)],
      [...checks, ...unmade(at)],
    ),
  );
}
