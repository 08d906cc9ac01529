/** What `btrfs scrub status` and `btrfs filesystem usage` tell of captured machines. */

import type { Machine } from '../../host/machine.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { inBytes } from '../quantities.ts';
import { nothing } from '../required.ts';

/** The last scrub of a file system or device. */
interface Scrub {
  /** What the command was asked of, else the UUID. */
  readonly name: string;
  readonly corrected: number;
  readonly uncorrectable: number;
  /** "csum=11", "verify=2 csum=3"; empty for "no errors found". */
  readonly errors: string;
  readonly aborted: boolean;
}

/** Parses `btrfs scrub status`; undefined where it tells no result. @param name what it was asked of */
function parseScrub(name: string, text: string): Scrub | undefined {
  const of = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  const summary = of(/^\s*Error summary:\s*(.{1,200}?)\s*$/m);
  // Before btrfs-progs 5.1: "total bytes scrubbed: 1GiB with 2 errors", "error details: csum=2".
  const old = of(/^\s*error details:\s*(.{1,200}?)\s*$/m);
  const count = (word: string) => Number(of(new RegExp(`\\b${word}(?: errors)?:\\s*(\\d{1,15})`, 'i')) || 0);
  if (summary === '' && !/total bytes scrubbed: .{1,40} with \d+ errors/.test(text)) return undefined;
  return {
    name: name || of(/^\s*UUID:\s*(\S{1,40})/m) || of(/^scrub status for (\S{1,40})/m) || 'btrfs',
    ...{ corrected: count('corrected'), uncorrectable: count('uncorrectable') },
    errors: /no errors/i.test(summary) ? '' : summary || old,
    aborted: /^\s*Status:\s*(?:aborted|interrupted)/m.test(text),
  };
}

/** Space of a file system as `btrfs filesystem usage` tells it, in bytes. */
interface Usage {
  readonly name: string;
  readonly size: number;
  readonly unallocated: number;
  /** Of devices that are not there. */
  readonly missing: number;
  readonly metadataUsedPercent: number | undefined;
}

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

function bytes(text: string | undefined): number {
  const [, figure = '0', unit = ''] = /^([\d.]{1,20})([KMGTPE]?)(?:i?B)?$/.exec(text ?? '') ?? [];
  return Number(figure) * 1_024 ** Math.max(0, UNITS.indexOf(unit));
}

/** Parses it; undefined where it does not tell the size. @param name what it was asked of */
function parseUsage(name: string, text: string): Usage | undefined {
  const of = (label: string) =>
    new RegExp(`^\\s*${label}:\\s+([\\d.]{1,20}[KMGTPE]?i?B?)\\b`, 'm').exec(text)?.[1];
  const size = bytes(of('Device size'));
  const missing = bytes(of('Device missing'));
  const [, metadata, used] =
    /^Metadata,\s?\w{1,10}: Size:(\S{1,30}), Used:(\S{1,30}?)(?:\s|$)/m.exec(text) ?? [];
  const total = bytes(metadata);
  return size === 0
    ? undefined
    : {
        ...{
          name: name || 'btrfs',
          size,
          unallocated: bytes(of('Device unallocated')),
          // Without privileges btrfs-progs 5.13 and older see no device, and tell the whole size as missing.
          missing: /cannot read detailed chunk info/.test(text) || missing >= size ? 0 : missing,
        },
        metadataUsedPercent: total > 0 ? Math.round((1_000 * bytes(used)) / total) / 10 : undefined,
      };
}

/** What a command was asked of, from its words: "/dev/sda1" has lost its slashes there. */
function told<T>(
  machine: Machine,
  programs: readonly string[],
  parse: (name: string, text: string) => T | undefined,
): T[] {
  return programs
    .flatMap((program) => machine.saved?.(program) ?? [])
    .flatMap(({ words, text }) => parse(words.filter((word) => word.length > 1).join('/'), text) ?? []);
}

const scrubs = fact({
  id: 'disk.btrfs-scrubs',
  reads: ['btrfs scrub status, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Scrub[] => {
    const all = told(machine, ['btrfs scrub status'], parseScrub);
    if (all.length === 0) throw nothing(machine, 'output of btrfs scrub status');
    return all;
  },
});

const usages = fact({
  id: 'disk.btrfs-usage',
  reads: ['btrfs filesystem usage, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Usage[] => {
    const all = told(machine, ['btrfs filesystem usage', 'btrfs fi usage'], parseUsage);
    if (all.length === 0) throw nothing(machine, 'output of btrfs filesystem usage');
    return all;
  },
});

/** File systems that lack devices as `btrfs filesystem show` tells: "*** Some devices missing" below their names. */
function parseShow(text: string): string[] {
  let name = 'btrfs';
  const found = new Set<string>();
  for (const row of text.split('\n', 10_000)) {
    const [, label = '', uuid = ''] = /^\s*Label: (.{1,200}?)\s+uuid: ([\da-f-]{36})/.exec(row) ?? [];
    if (uuid !== '') name = label === 'none' ? uuid : label.replace(/^'|'$/g, '');
    if (
      /^\s*\*\*\* Some devices missing|^\s*devid +\d+ size \S+ used \S+ path (?:<missing|MISSING|\S.* MISSING)/.test(
        row,
      )
    )
      found.add(name);
  }
  return [...found];
}

const shown = fact({
  id: 'disk.btrfs-show',
  reads: ['btrfs filesystem show, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly string[] => {
    const outputs = ['btrfs filesystem show', 'btrfs fi show'].flatMap((one) => machine.saved?.(one) ?? []);
    if (outputs.length === 0) throw nothing(machine, 'output of btrfs filesystem show');
    return [...new Set(outputs.flatMap(({ text }) => parseShow(text)))];
  },
});

const devicesMissing = check({
  id: 'disk.btrfs-devices',
  area: 'disk',
  title: 'btrfs file systems that lack devices',
  about:
    'Of a captured machine: what btrfs filesystem show tells. Without the device there is less redundancy, or none.',
  needs: { shown },
  evaluate: ({ shown: all }) =>
    all.map(
      (name): FindingDraft => ({
        ...{ severity: 'critical', title: 'A btrfs device is missing' },
        subject: { kind: 'filesystem', name },
        evidence: [`btrfs filesystem show: some devices of ${name} are missing`],
        remedy: { text: 'Bring it back, or replace it: btrfs replace start.', risk: 'data' },
        explains: ['kernel-log.btrfs-*'],
      }),
    ),
});

const scrub = check({
  id: 'disk.btrfs-scrub',
  area: 'disk',
  title: 'Errors that the last scrub of btrfs found',
  about:
    'A scrub reads everything and compares it with its checksums. What has another copy is corrected; what has none is lost, and a ' +
    'file or a part of the tree cannot be read.',
  needs: { scrubs },
  evaluate: ({ scrubs: all }) =>
    all
      .filter((one) => one.errors !== '' || one.uncorrectable + one.corrected > 0)
      .map((one): FindingDraft => {
        const lost = one.uncorrectable > 0;
        return {
          severity: lost ? 'critical' : 'warning',
          title: lost ? 'A btrfs file system has lost data' : 'A scrub of btrfs found errors',
          subject: { kind: 'filesystem', name: one.name },
          parameters: { corrected: one.corrected, uncorrectable: one.uncorrectable },
          evidence: [
            `the scrub found ${one.errors || 'errors'}: ${one.uncorrectable} beyond repair, ${one.corrected} corrected` +
              (one.aborted ? '; it did not end' : ''),
          ],
          remedy: lost
            ? {
                text: 'The kernel’s log names the files: restore them, then scrub again; check disk, cable and memory.',
                risk: 'data',
              }
            : { text: 'Check the disk, its cable and the memory; scrub again.', risk: 'none' },
          explains: ['kernel-log.btrfs-*'],
        };
      }),
});

const usage = check({
  id: 'disk.btrfs-usage',
  area: 'disk',
  title: 'btrfs that lacks a device or has nothing left to give away',
  about:
    'Of a captured machine. Metadata that fill what was given to them are usual, as long as there is more to give: without it ' +
    'writes fail while df shows room.',
  needs: { usages },
  thresholds: {
    allocatedPercent: { value: 98, unit: '%', source: 'netdata btrfs_allocated' },
    warnPercent: { value: 90, unit: '%', source: 'netdata btrfs_metadata (90 to 95 %)' },
  },
  evaluate: ({ usages: all }, { allocatedPercent, warnPercent }) =>
    all.flatMap((one): FindingDraft[] => {
      const allocated = Math.round((1_000 * (one.size - one.unallocated)) / one.size) / 10;
      const subject = { kind: 'filesystem', name: one.name } as const;
      const found: FindingDraft[] = [];
      if (one.missing > 0)
        found.push({
          ...{ severity: 'critical', title: 'A btrfs device is missing', subject },
          evidence: [`devices of ${inBytes(one.missing)} are missing, and the file system runs without them`],
          remedy: { text: 'Bring it back, or replace it: btrfs replace start.', risk: 'data' },
          explains: ['kernel-log.btrfs-*'],
        });
      const metadata = one.metadataUsedPercent;
      if (metadata !== undefined && allocated >= allocatedPercent && metadata >= warnPercent)
        found.push({
          ...{ severity: 'warning', title: 'A btrfs file system has no room for metadata', subject },
          parameters: { allocatedPercent: allocated, metadataUsedPercent: metadata },
          evidence: [`${allocated} % is given away, and the metadata is ${metadata} % full`],
          remedy: { text: 'Give unused pieces back: btrfs balance start -dusage=10 MOUNT.', risk: 'none' },
        });
      return found;
    }),
});

/** Checks of what these outputs tell. */
export const BTRFS_TOLD_CHECKS = [scrub, usage, devicesMissing] as const;
