/** Checks of ports of storage networks: Fibre Channel and SAS. */

import { check, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { type FibrePort, fibrePorts, sasPhys } from './storage-ports.ts';

const LOOK =
  'Look at the cable, the optics and the port of the switch; clean or replace them, one after the other.';
const isUp = ({ state }: FibrePort) => state === 'Online';
const of = ({ counters }: Pick<FibrePort, 'counters'>, name: string) => counters.get(name) ?? 0;

const down = check({
  id: 'disk.fc-port-down',
  area: 'disk',
  title: 'Ports of Fibre Channel without a link',
  about:
    'A port that was in use since its driver was loaded, or whose adapter says that it failed, has no link: the disks behind it have lost a path. ' +
    'One that never had traffic is most likely not connected, and is told as an info where others are.',
  needs: { ports: fibrePorts },
  evaluate: ({ ports }) => {
    if (ports.every(({ state }) => state === undefined)) return new Skipped('the state of no port was saved');
    return ports.flatMap((port): FindingDraft[] => {
      const { name, state } = port;
      if (state === undefined || !/^(?:Linkdown|Offline|Error|Blocked|Not Present)$/i.test(state)) return [];
      const used = of(port, 'rx_frames') > 0;
      const failed = /^Error$/i.test(state);
      if (!used && !failed && !ports.some(isUp)) return [];
      return [
        {
          severity: used || failed ? 'warning' : 'info',
          certainty: 'likely',
          title:
            used || failed ? 'A port of Fibre Channel lost its link' : 'A port of Fibre Channel has no link',
          subject: { kind: 'fc-port', name },
          evidence: [`${name}: ${state}${used ? `, after ${of(port, 'rx_frames')} frames received` : ''}`],
          remedy: { text: LOOK, risk: 'none' },
        },
      ];
    });
  },
});

const errors = check({
  id: 'disk.fc-errors',
  area: 'disk',
  title: 'Errors on links of Fibre Channel',
  about:
    'Frames with a wrong checksum, and links that failed or lost their synchronisation, since the driver was loaded. A few of the latter come with ' +
    'each link that comes up; damaged frames do not.',
  needs: { ports: fibrePorts },
  thresholds: {
    frames: { value: 5, unit: '', source: 'chosen: more than a plug that was moved once' },
    failures: { value: 10, unit: '', source: 'chosen: more than restarts of switch and machine make' },
  },
  evaluate: ({ ports }, { frames, failures }) => {
    if (ports.every(({ counters }) => counters.size === 0))
      return new Skipped('the counters of no port were saved');
    return ports.flatMap((port): FindingDraft[] => {
      const damaged = Math.max(of(port, 'invalid_crc_count'), of(port, 'error_frames'));
      const lost = Math.max(of(port, 'link_failure_count'), of(port, 'loss_of_sync_count'));
      if (damaged < frames && lost < failures) return [];
      const told = [...port.counters].filter(([name, value]) => value > 0 && !name.endsWith('_frames'));
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title:
            damaged >= frames
              ? 'Frames of Fibre Channel arrive damaged'
              : 'A link of Fibre Channel fails again and again',
          subject: { kind: 'fc-port', name: port.name },
          parameters: { damagedFrames: damaged, linkFailures: lost },
          evidence: [
            `${port.name}: ${told.map(([name, value]) => `${name} ${value}`).join(', ') || `error_frames ${damaged}`}`,
          ],
          remedy: { text: LOOK, risk: 'none' },
        },
      ];
    });
  },
});

const slow = check({
  id: 'disk.fc-speed',
  area: 'disk',
  title: 'Links of Fibre Channel slower than others of the machine',
  about:
    'A port with a lower speed than another one that can do as much. What the switch can is not known here, so a lower speed of all says nothing.',
  needs: { ports: fibrePorts },
  evaluate: ({ ports }) => {
    const known = ports.filter(
      (port) => port.speed !== undefined && (port.state === undefined || isUp(port)),
    );
    if (known.length === 0) return new Skipped('the speed of no port was saved');
    return known.flatMap(({ name, speed = 0, most }): FindingDraft[] => {
      const best = Math.max(...known.filter((one) => one.most === most).map((one) => one.speed ?? 0));
      if (most === undefined || speed >= best) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'A link of Fibre Channel is slower than another one',
          subject: { kind: 'fc-port', name },
          parameters: { gigabitsPerSecond: speed },
          evidence: [`${name}: ${speed} Gbit/s, another one with the same abilities has ${best}`],
          remedy: { text: LOOK, risk: 'none' },
        },
      ];
    });
  },
});

const phys = check({
  id: 'disk.sas-phy-errors',
  area: 'disk',
  title: 'Errors on links of SAS',
  about:
    'Words that arrived damaged, lost synchronisation and resets that failed, since the adapter started. Disks that were plugged in leave some.',
  needs: { phys: sasPhys },
  thresholds: {
    words: {
      value: 1_000,
      unit: '',
      source: 'chosen: a disk that is plugged in leaves a few hundred at most',
    },
    losses: { value: 50, unit: '', source: 'chosen: each reset leaves one' },
    resets: { value: 5, unit: '', source: 'chosen' },
  },
  evaluate: ({ phys: all }, { words, losses, resets }) => {
    if (all.every(({ counters, rate }) => counters.size === 0 && rate === undefined))
      return new Skipped('the counters of no phy were saved');
    return all.flatMap((phy): FindingDraft[] => {
      const damaged = Math.max(of(phy, 'invalid_dword_count'), of(phy, 'running_disparity_error_count'));
      const failed = /link rate failed|reset problem|spinup hold failed/i.test(phy.rate ?? '');
      const bad =
        damaged >= words ||
        of(phy, 'loss_of_dword_sync_count') >= losses ||
        of(phy, 'phy_reset_problem_count') >= resets;
      if (!bad && !failed) return [];
      const told = [...phy.counters]
        .filter(([, value]) => value > 0)
        .map(([name, value]) => `${name} ${value}`);
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: failed ? 'A link of SAS does not come up' : 'A link of SAS has many errors',
          subject: { kind: 'sas-phy', name: phy.name },
          parameters: { damagedWords: damaged },
          evidence: [`${phy.name}: ${[...(failed ? [phy.rate ?? ''] : []), ...told].join(', ')}`],
          remedy: {
            text: 'Look at the cable, the backplane and the slot: another disk in it tells which of them it is.',
            risk: 'none',
          },
        },
      ];
    });
  },
});

/** Checks of ports of storage networks. */
export const STORAGE_PORT_CHECKS = [down, errors, slow, phys] as const;
