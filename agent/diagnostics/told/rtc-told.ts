/** A hardware clock that `hwclock` or `timedatectl` could not read or set, on captured machines. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** Sentences of util-linux, BusyBox and systemd, and how bad what they tell is. */
const SENTENCES: readonly (readonly [RegExp, 'info' | 'warning', string])[] = [
  [
    /Hardware Clock registers contain values that are either invalid|^(?:Failed to query server: )?Failed to read RTC: Invalid argument|ioctl\(RTC_(?:RD|SET)_TIME\) to \S+ to (?:read|set) the time failed: (?!Inappropriate|Permission|Operation not permitted)|RTC_RD_TIME: (?:Invalid argument|Input\/output error|Remote I\/O error)/,
    'warning',
    'The hardware clock has no valid time or takes none',
  ],
  [
    /select\(\) to \S+ to wait for clock tick timed out|Timed out waiting for time change|read\(\) to \S+ to wait for clock tick failed/i,
    'warning',
    'The hardware clock does not tick',
  ],
  [
    /Cannot access the Hardware Clock via any known method|can't open '\/dev\/(?:misc\/)?rtc\d*'|(?:cannot|Unable to) open \/dev\/rtc\d*:/i,
    'info',
    'The hardware clock cannot be read',
  ],
];
/** What only root may do says nothing of the clock. */
const DENIED = /Permission denied|Operation not permitted|must be root|superuser/i;
/** chronyd keeps it open where its configuration says rtcfile. */
const BUSY = /\/dev\/rtc\d*: Device or resource busy/;

type Told = { readonly severity: 'info' | 'warning'; readonly title: string; readonly row: string };

function parse(text: string): Told[] | undefined {
  const rows = rowsOf(text);
  if (rows.some((row) => DENIED.test(row))) return undefined;
  for (const [pattern, severity, title] of SENTENCES) {
    const row = rows.find((one) => pattern.test(one))?.trim();
    const busy = rows.find((one) => BUSY.test(one))?.trim();
    if (row !== undefined) return [{ severity, title, row: busy ?? row }];
  }
  return rows.some((row) => /^(?:Time read from Hardware Clock|Hw clock time)\b|\d\d:\d\d/.test(row))
    ? []
    : undefined;
}

const told = fact({
  id: 'clock.rtc-told',
  reads: ['hwclock and timedatectl, on a captured machine'],
  limitMs: 1_000,
  // What they tell of the time is another reader's.
  read: ({ machine }) => readEach(machine, ['hwclock', 'timedatectl'], parse, '', () => true).flat(),
});

/** The check of what was said of the hardware clock. */
export const RTC_TOLD_CHECK = check({
  id: 'clock.rtc-unreadable',
  area: 'clock',
  title: 'A hardware clock that cannot be read or set, as tools tell',
  about:
    'Without a hardware clock that works the system boots with a wrong time, before any network. Small boards and containers have none, and ' +
    'chronyd with rtcfile keeps it to itself: that it cannot be opened is an info. One without a valid time mostly has an empty battery.',
  needs: { told },
  links: ['https://man7.org/linux/man-pages/man8/hwclock.8.html'],
  evaluate: ({ told: all }): FindingDraft[] =>
    [...new Map(all.map((one) => [one.title, one])).values()].map(({ severity, title, row }) => ({
      ...{ severity, title, evidence: [row.slice(0, 200)] },
      subject: { kind: 'rtc', name: '' },
      remedy: {
        text: 'Set it with hwclock --systohc once the time is right; where it loses it again replace the battery.',
        risk: 'none',
      },
    })),
});
