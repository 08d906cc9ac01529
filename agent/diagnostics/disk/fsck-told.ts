/**
 * What checks of file systems said on captured machines: e2fsck (and the state that tune2fs and dumpe2fs tell), xfs_repair, `btrfs check`.
 * Words are the programs' own, in English; in other languages an outcome is known by what does not depend on it, or not at all.
 */

import type { SavedOutput } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';

/** How a check of a file system came out. */
interface Outcome {
  readonly program: string;
  /** The file system or its device, as far as it is told. */
  readonly name: string;
  /** "damaged" was not repaired, or nothing says that it was; "repaired" was. */
  readonly state: 'sound' | 'repaired' | 'damaged' | 'log';
  /** The lines that say so. */
  readonly evidence: readonly string[];
}

interface Words {
  readonly damaged: RegExp;
  readonly repaired: RegExp;
  readonly sound: RegExp;
  /** Which of the lines are shown, where more than those that decide say what it found. */
  readonly shown: RegExp;
}

const MAX_ROWS = 100_000;
/** The file system in e2fsck's own words, where no command line tells it: those lines stand alone on the console of a boot. */
const IN_WORDS =
  /^(?:\(initramfs\):? )?(?:\/dev\/)?(\/?[\w.-][\w./-]{0,80})(?:: UNEXPECTED INCONSISTENCY| contains a file system with errors)/im;
const NEVER = /(?!)/;

const E2FSCK: Words = {
  damaged:
    /UNEXPECTED INCONSISTENCY|still has errors|Superblock invalid|Bad magic number in super-block|superblock is corrupt|partition table is likely to be corrupt|\bIGNORED\.|\? (?:no|cancelled!)\s*$|e2fsck: aborted|Error (?:reading|writing) block|could ?n.t (?:be opened|be read or does not)|unable to set superblock flags/i,
  repaired: /(?:\? yes\s*$|\bFIXED\.|\bCLEARED\.|\bSALVAGED\.|<y>\? ?(?:yes|y)?\s*$|Filesystem was reset)/,
  sound: /: clean, [\d/]+ |^\S.*: \d{1,15}\/\d{1,15} [^,]{1,60}, \d{1,15}\/\d{1,15} /,
  shown: NEVER,
};
/** tune2fs -l and dumpe2fs: "not clean" is what any mounted one is. */
const STATE: Words = {
  damaged: /^Filesystem state:\s+(?:not )?clean with errors|^FS Error count:\s+[1-9]/,
  repaired: NEVER,
  sound: /^Filesystem state:\s+(?:not )?clean\s*$/,
  shown: /^(?:First|Last) error (?:function|time):/,
};
/** Steps begin with a dash, and are the same on a sound one. */
const XFS: Words = {
  damaged:
    /^(?!\s*- ).*(?:\bwould (?!be\b)|No modify flag set.*\berrors|fatal error|[Cc]orruption|bad magic|CRC error|Invalid superblock magic|couldn.t verify primary superblock|Sorry, could not find valid secondary)/,
  repaired:
    /^(?!\s*- )(?:\s*(?:bad |clear(?:ed|ing) (?!needsrepair)|correcting |reset(?:ting)? (?!the )|rebuilding |junking|moving |disconnected |entry .* (?:references|in ))|.*\bmoving to lost\+found)/i,
  sound: /^\s*(?:done|No modify flag set, skipping filesystem flush and exiting\.|Phase 7\b.*)\s*$/,
  shown: /^(?!\s*- ).*(?:bad |corrupt|entry )/,
};
const BTRFS: Words = {
  damaged:
    /error\(s\) found|ERROR: (?:errors found|cannot open|could not|failed to)|found \d+ bytes used,? ?err(?:or)? is -?[1-9]|parent transid verify failed|checksum verify failed|bad tree block|bad (?:file extent|block)|Couldn't (?:open file system|read)|root \d+ inode \d+ errors/,
  repaired: NEVER,
  sound: /no error found|found \d+ bytes used err is 0/,
  shown: /root \d+ inode|bad |verify failed/,
};

/** Which words go with a program, and the file system that its output names itself. */
const PROGRAMS: readonly (readonly [programs: readonly string[], words: Words, named: RegExp])[] = [
  [
    ['e2fsck', 'fsck', 'fsck.ext4', 'fsck.ext3', 'fsck.ext2'],
    E2FSCK,
    /^(\/dev\/\S{1,80}|\S{1,16}): (?:clean|recovering|contains|\*\*)/m,
  ],
  [['tune2fs', 'dumpe2fs'], STATE, /^Last mounted on:\s+(\/\S{0,80})/m],
  [['xfs_repair'], XFS, NEVER],
  [['btrfs check', 'btrfsck'], BTRFS, /^Checking filesystem on (\S{1,80})/m],
];

/** How one output ended; undefined where it does not tell. */
function outcomeOf(
  program: string,
  words: Words,
  named: RegExp,
  { words: asked, text }: SavedOutput,
): Outcome | undefined {
  const rows = text.split('\n', MAX_ROWS).map((row) => row.slice(0, 300));
  const name =
    named.exec(text)?.[1] ??
    asked.findLast((word) => word.length > 1 && !/^(?:readonly|repair|force)$/.test(word)) ??
    IN_WORDS.exec(text)?.[1] ??
    '';
  const has = (pattern: RegExp) => rows.filter((row) => pattern.test(row));
  const about = (lines: readonly string[]) =>
    [...new Set([...lines.slice(0, 2), ...has(words.shown).slice(0, 1)])].map((row) => row.trim());
  // The log is written to the file system by mounting it; until then nothing is known of it.
  const log =
    program === 'xfs_repair' ? has(/ERROR: The filesystem has valuable metadata changes in a log/) : [];
  if (log.length > 0) return { program, name, state: 'log', evidence: about(log) };
  const damaged = has(words.damaged);
  if (damaged.length > 0) return { program, name, state: 'damaged', evidence: about(damaged) };
  const repaired = has(words.repaired);
  if (repaired.length > 0) return { program, name, state: 'repaired', evidence: about(repaired) };
  return has(words.sound).length > 0 ? { program, name, state: 'sound', evidence: [] } : undefined;
}

const outcomes = fact({
  id: 'disk.fsck',
  reads: ['e2fsck, tune2fs, dumpe2fs, xfs_repair and btrfs check, on a captured machine'],
  limitMs: 2_000,
  read: ({ machine }): readonly Outcome[] => {
    if (machine.live)
      throw new Unavailable('absent', 'what a check of a file system said is read of captured machines only');
    const outputs = PROGRAMS.flatMap(([programs, words, named]) =>
      programs.flatMap((program) =>
        (machine.saved?.(program) ?? []).map((output) => ({ program, words, named, output })),
      ),
    );
    if (outputs.length === 0)
      throw new Unavailable('not-captured', 'no output of a file system’s check is in the captured folder');
    const found = outputs.flatMap(({ program, words, named, output }) => {
      const outcome = outcomeOf(program, words, named, output);
      if (!outcome) machine.notUsed?.(output, `it does not tell how ${program} ended`);
      return outcome ?? [];
    });
    if (found.length === 0)
      throw new Unavailable('nonsense', 'what was saved of a file system’s check does not tell how it ended');
    return found;
  },
});

const TITLES = {
  damaged: 'A check of a file system found damage that it did not repair',
  repaired: 'A check of a file system found and repaired damage',
  log: 'The log of a file system has not been written to it',
} as const;

/** The check of what checks of file systems said. */
export const FSCK_CHECK = check({
  id: 'disk.fsck',
  area: 'disk',
  title: 'Checks of file systems that found damage',
  about:
    'What e2fsck, xfs_repair and btrfs check said on a captured machine, and the state that tune2fs -l tells. The file system is ' +
    'damaged by the disk, the memory or a loss of power: what a repair lost is in lost+found, or nowhere.',
  needs: { outcomes },
  links: ['https://e2fsprogs.sourceforge.net/', 'https://btrfs.readthedocs.io/en/latest/btrfs-check.html'],
  evaluate: ({ outcomes: all }) =>
    all.flatMap((one): FindingDraft[] => {
      if (one.state === 'sound') return [];
      return [
        {
          severity: one.state === 'damaged' ? 'critical' : 'warning',
          title: TITLES[one.state],
          subject: { kind: 'filesystem', name: one.name || one.program },
          evidence: one.evidence.map((line) => `${one.program}: ${line}`),
          remedy:
            one.state === 'log'
              ? { text: 'Mount it and unmount it, which writes its log, then check it again.', risk: 'none' }
              : {
                  text: 'Save what is on it, look at the disk (smartctl -a) and the memory, then let the check repair it, or restore it.',
                  risk: 'data',
                },
          explains: [
            'kernel-log.ext4-*',
            'kernel-log.xfs-*',
            'kernel-log.btrfs-*',
            'disk.filesystem-errors',
            'disk.log-fsck',
          ],
        },
      ];
    }),
});
