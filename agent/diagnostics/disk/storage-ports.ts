/** Ports of storage networks as the kernel tells them: Fibre Channel (/sys/class/fc_host) and SAS (/sys/class/sas_phy). */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

/** A port of a Fibre Channel adapter. What is not told is undefined. */
export interface FibrePort {
  /** "host7" */
  readonly name: string;
  /** "Online", "Linkdown", "Offline", "Error" … */
  readonly state: string | undefined;
  /** In Gbit/s; the most that it could. */
  readonly speed: number | undefined;
  readonly most: number | undefined;
  /** Counters since the driver was loaded, by their names. */
  readonly counters: ReadonlyMap<string, number>;
}

/** A phy of a SAS adapter or expander. */
export interface SasPhy {
  /** "phy-0:3" */
  readonly name: string;
  /** "12.0 Gbit", "Unknown", "Phy disabled", "Link Rate failed" … */
  readonly rate: string | undefined;
  readonly counters: ReadonlyMap<string, number>;
}

const FIBRE = 'sys/class/fc_host';
const SAS = 'sys/class/sas_phy';
const MAX_PORTS = 512;
const STATISTICS = [
  ...[
    'invalid_crc_count',
    'error_frames',
    'link_failure_count',
    'loss_of_sync_count',
    'loss_of_signal_count',
  ],
  ...['rx_frames', 'tx_frames'],
];
const PHY_COUNTERS = [
  ...['invalid_dword_count', 'running_disparity_error_count', 'loss_of_dword_sync_count'],
  'phy_reset_problem_count',
];

/** Decimal or hexadecimal; all bits set are what a driver does not count. */
function counter(text: string | undefined): number | undefined {
  const plain = text?.trim() ?? '';
  if (plain === '' || /^0x[fF]{8,16}$/.test(plain) || !/^(?:0x[\da-fA-F]{1,16}|\d{1,20})$/.test(plain))
    return undefined;
  return Number(plain);
}

/** "16 Gbit", "8 Gbit, 16 Gbit, 32 Gbit": the highest of them. */
function gigabits(text: string | undefined): number | undefined {
  const all = [...(text ?? '').matchAll(/(\d{1,4}(?:\.\d)?) Gbit/g)].map(([, value]) => Number(value));
  return all.length === 0 ? undefined : Math.max(...all);
}

function countersOf(
  texts: ReadonlyMap<string, string>,
  folder: string,
  names: readonly string[],
): ReadonlyMap<string, number> {
  return new Map(
    names.flatMap((name) => {
      const value = counter(texts.get(`${folder}/${name}`));
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Ports of Fibre Channel adapters. An adapter's firmware is asked for its counters, so they are read by a process that may hang. */
export const fibrePorts = fact({
  id: 'disk.fibre-ports',
  reads: ['/sys/class/fc_host/*/port_state, speed, supported_speeds and statistics/*'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal }): Promise<readonly FibrePort[]> => {
    const names = machine.list(FIBRE).slice(0, MAX_PORTS);
    if (names.length === 0) throw nothing(machine, 'port of Fibre Channel (/sys/class/fc_host)');
    const files = [
      'port_state',
      'speed',
      'supported_speeds',
      ...STATISTICS.map((one) => `statistics/${one}`),
    ];
    const texts = await machine.slowFiles(
      names.flatMap((name) => files.map((file) => `${FIBRE}/${name}/${file}`)),
      { timeoutMs: 3_000, signal },
    );
    return names.map((name) => ({
      name,
      state: texts.get(`${FIBRE}/${name}/port_state`)?.trim(),
      speed: gigabits(texts.get(`${FIBRE}/${name}/speed`)),
      most: gigabits(texts.get(`${FIBRE}/${name}/supported_speeds`)),
      counters: countersOf(texts, `${FIBRE}/${name}/statistics`, STATISTICS),
    }));
  },
});

/** Phys of SAS. */
export const sasPhys = fact({
  id: 'disk.sas-phys',
  reads: ['/sys/class/sas_phy/*/negotiated_linkrate and its counters of errors'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal }): Promise<readonly SasPhy[]> => {
    const names = machine.list(SAS).slice(0, MAX_PORTS);
    if (names.length === 0) throw nothing(machine, 'phy of SAS (/sys/class/sas_phy)');
    const files = ['negotiated_linkrate', ...PHY_COUNTERS];
    const texts = await machine.slowFiles(
      names.flatMap((name) => files.map((file) => `${SAS}/${name}/${file}`)),
      { timeoutMs: 3_000, signal },
    );
    return names.map((name) => ({
      name,
      rate: texts.get(`${SAS}/${name}/negotiated_linkrate`)?.trim(),
      counters: countersOf(texts, `${SAS}/${name}`, PHY_COUNTERS),
    }));
  },
});
