/** Fleets that are made up, from a seed: what their nodes are, and answers of Diagnose with planted troubles. For tests. */

import type { CheckResult__Output } from '../../proto/gen/types/nodectl/v1/CheckResult.ts';
import type { Finding, NodeReport, TraitValue } from './fold/model.ts';

/** Numbers from 0 up to 1 that a seed decides (mulberry32 by Tommy Ettinger, public domain). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A made-up node: its traits and labels. */
export interface MadeNode {
  readonly node: string;
  readonly labels: Record<string, string>;
  readonly traits: TraitValue[];
}

const KERNELS = ['6.1.0-28-amd64', '6.1.0-25-amd64', '6.12.9-amd64'];
const MODELS = [
  {
    model: 'Dell PowerEdge R650',
    bios: '1.13.2',
    memory: 256,
    nic: 'mlx5_core 15b3:101d',
    disk: 'Dell PM1735a',
  },
  {
    model: 'HPE ProLiant DL360 Gen10',
    bios: 'U32 2.90',
    memory: 192,
    nic: 'i40e 8086:1572',
    disk: 'SAMSUNG MZ7LH960',
  },
  {
    model: 'Supermicro SYS-1029P',
    bios: '3.8b',
    memory: 192,
    nic: 'mlx5_core 15b3:1015',
    disk: 'Micron 7450',
  },
];
const FIRMWARES: Readonly<Record<string, readonly string[]>> = {
  'mlx5_core 15b3:101d': ['22.39.1002 (DEL0000000027)', '22.31.1014 (DEL0000000027)'],
  'i40e 8086:1572': ['9.20 0x8000d95e 22.0.9', '8.30 0x8000a4ae 20.5.13', '9.40 0x8000ecc0 22.5.7'],
  'mlx5_core 15b3:1015': ['14.32.1010 (SM_2001000001034)', '14.28.2006 (SM_2001000001034)'],
};

/** Picks one; earlier ones are more likely, each half as likely as the one before. */
function pick<T>(next: () => number, from: readonly T[]): T {
  let at = 0;
  while (at < from.length - 1 && next() < 0.45) at++;
  return from[at] as T;
}

/** Nodes as fleets have them: bought by model, racked in order, updated in part. */
export function madeNodes(count: number, seed: number): MadeNode[] {
  const next = random(seed);
  const perRack = Math.max(4, Math.min(40, Math.round(count / 5)));
  // A fleet is bought in batches, so neighbours mostly have the same model.
  let hardware = pick(next, MODELS);
  return Array.from({ length: count }, (_, at) => {
    if (next() < 0.08) hardware = MODELS[Math.floor(next() * MODELS.length)] ?? hardware;
    const rack = String.fromCharCode(97 + (Math.floor(at / perRack) % 26));
    const firmware = pick(next, FIRMWARES[hardware.nic] ?? []);
    const [driver = '', pci = ''] = hardware.nic.split(' ');
    const kernel = pick(next, KERNELS);
    const traits: [name: string, value: string][] = [
      ['kernel', kernel],
      ['os', kernel.startsWith('6.12') ? 'Debian GNU/Linux 13 (trixie)' : 'Debian GNU/Linux 12 (bookworm)'],
      ['model', hardware.model],
      ['bios', next() < 0.85 ? hardware.bios : `${hardware.bios}.1`],
      ['machine-id', Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16)).join('')],
      ['memory', `${hardware.memory} GiB`],
      ['nic.driver', driver],
      ['nic.pci', pci],
      ['nic.firmware', `${driver} ${firmware}`],
      ['nic.switch', `tor-${rack}`],
      ['disk.model', next() < 0.8 ? hardware.disk : 'INTEL SSDSC2KB960'],
      ['clock.clocksource', next() < 0.9 ? 'tsc' : 'hpet'],
      ['image', pick(next, ['2026-10-02', '2026-09-11', '2026-07-30'])],
    ];
    return {
      node: `web-${at + 1}`,
      labels: { rack, env: next() < 0.75 ? 'prod' : 'stage' },
      traits: traits.map(([name, value]) => ({ name, value })),
    };
  });
}

/** A finding with what is usual filled in. */
export function madeFinding(more: Partial<Finding> & { id: string }): Finding {
  return {
    check: more.id,
    severity: 'SEVERITY_WARNING',
    certainty: 'CERTAINTY_CERTAIN',
    subject: { kind: 'node', name: '', hardware: '', attributes: {} },
    title: `The trouble ${more.id}`,
    parameters: {},
    evidence: [],
    remedy: { text: 'Mend it.', risk: 'REMEDY_RISK_NONE' },
    links: [],
    explains: [],
    firstUsec: 0,
    lastUsec: 0,
    count: 0,
    ...more,
  };
}

/** What a made-up node answers. Checks of findings have found something; the others are as given, or well. */
export function madeReport(
  { node, labels, traits }: MadeNode,
  findings: readonly Finding[] = [],
  checks: readonly (string | CheckResult__Output)[] = [],
): NodeReport {
  const found = new Set(findings.map(({ check }) => check));
  const results = new Map<string, CheckResult__Output>();
  for (const one of checks) {
    const result =
      typeof one === 'string' ? { id: one, status: 'CHECK_STATUS_OK' as const, reason: '' } : one;
    results.set(result.id, result);
  }
  for (const id of found) results.set(id, { id, status: 'CHECK_STATUS_FINDINGS', reason: '' });
  return {
    node,
    labels,
    answer: {
      node,
      findings: [...findings],
      checks: [...results.values()],
      problems: [],
      traits: [...traits],
      nowUsec: 1_795_000_000_000_000,
      tookUsec: 120_000,
      agentVersion: '0.1.0',
    },
  };
}
