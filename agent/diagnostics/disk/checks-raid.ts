/** Checks of hardware RAID, as its makers' tools told of it. */

import { type Check, check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { raidTold } from './raid-told.ts';
import type { RaidPart } from './raid-words.ts';

const MAX_TOLD = 16;

function troubled(parts: readonly RaidPart[], ...kinds: readonly RaidPart['kind'][]): RaidPart[] {
  return parts
    .filter(({ kind, trouble }) => trouble !== undefined && kinds.includes(kind))
    .slice(0, MAX_TOLD);
}

function evidenceOf({ name, state, more }: RaidPart): string[] {
  return [`${name}: ${[state, more].filter((word) => word !== '').join('; ')}`];
}

const volumes = check({
  id: 'disk.raid-degraded',
  area: 'disk',
  title: 'Volumes of hardware RAID that have lost their redundancy',
  about:
    'What was saved of the controller’s tool, in its own words: degraded, interim recovery, offline, failed; or being rebuilt. The next ' +
    'drive that fails may take the data with it.',
  needs: { parts: raidTold },
  evaluate: ({ parts }) =>
    troubled(parts, 'volume').map(
      (part): FindingDraft => ({
        severity: part.trouble ?? 'warning',
        title: /^unrecoverable/.test(part.state)
          ? 'A volume of hardware RAID has sectors that are lost'
          : part.trouble === 'critical'
            ? 'A volume of hardware RAID is degraded'
            : 'A volume of hardware RAID is being rebuilt',
        subject: { kind: 'disk', name: part.name },
        evidence: evidenceOf(part),
        remedy: {
          text: /^unrecoverable/.test(part.state)
            ? 'Find the files and restore them from a copy: writing to the sectors mends them, what was in them is lost. Replace drives with media errors.'
            : 'Replace the drive that failed; keep a copy of the data until it is rebuilt.',
          risk: 'data',
        },
        explains: ['disk.raid-drive'],
      }),
    ),
});

const drives = check({
  id: 'disk.raid-drive',
  area: 'disk',
  title: 'Drives of hardware RAID that failed, or of which it is predicted',
  about:
    'What was saved of the controller’s tool: drives that are failed, offline, missing, rebuilding, or whose own records predict that they fail.',
  needs: { parts: raidTold },
  evaluate: ({ parts }) =>
    troubled(parts, 'drive').map(
      (part): FindingDraft => ({
        severity: 'warning',
        title: 'A drive of hardware RAID is not well',
        subject: { kind: 'disk', name: part.name },
        evidence: evidenceOf(part),
        remedy: { text: 'Replace it, after its volume is seen to be well without it.', risk: 'data' },
      }),
    ),
});

const support = check({
  id: 'disk.raid-controller',
  area: 'disk',
  title: 'RAID controllers and their batteries that are not well',
  about:
    'What was saved of the controller’s tool. Without a battery or capacitor that works, the controller writes through its cache, which ' +
    'makes writes slow, or loses what is in it when the power fails.',
  needs: { parts: raidTold },
  evaluate: ({ parts }) =>
    troubled(parts, 'battery', 'controller').map(
      (part): FindingDraft => ({
        severity: 'warning',
        title:
          part.kind === 'battery'
            ? 'The battery of a RAID controller is not well'
            : 'A RAID controller is not well',
        subject: { kind: 'disk', name: part.name },
        evidence: evidenceOf(part),
        remedy: {
          text:
            part.kind === 'battery'
              ? 'Replace the battery or capacitor.'
              : 'Look at the controller’s own log.',
          risk: 'none',
        },
      }),
    ),
});

/** Checks of hardware RAID. */
export const DISK_RAID_CHECKS: readonly Check[] = [volumes, drives, support];
