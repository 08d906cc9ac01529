/** What programs said that they could not do with files, on captured machines: people paste it with what they ran. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { savedText } from '../required.ts';

/** Errors by their words in errno(3), with what they mean. */
const KINDS: readonly (readonly [
  words: RegExp,
  severity: 'warning' | 'critical',
  title: string,
  remedy: string,
])[] = [
  [
    // Of paths without /dev the words of any program are read (daemon-log).
    /^(?!.*[\s"']\/(?!dev\/)[^\s:"']{2,200}["']?: Input).*(?:Input\/output|Remote I\/O) error/,
    'critical',
    'A program could not read or write: input/output error',
    'The kernel’s log names the disk: look at its health (smartctl -a), cable and array.',
  ],
  [
    /Structure needs cleaning|can't read superblock/,
    'critical',
    'A program met a file system that is damaged',
    'Unmount it and check it: fsck, xfs_repair, btrfs check.',
  ],
  [
    /Read-only file system/,
    'warning',
    'A program could not write: the file system is read-only',
    'The kernel’s log tells whether an error made it read-only; if so check the disk, then the file system.',
  ],
  [
    /Stale (?:NFS )?file handle|Transport endpoint is not connected/,
    'warning',
    'A mount leads to nothing any more',
    'Unmount it (umount -l) and mount it again; look at the server, or at the program that serves it.',
  ],
  [
    /Cannot allocate memory/,
    'warning',
    'A program got no memory',
    'Look at free memory, at limits of the service (systemctl show) and at what uses most (top).',
  ],
];

const errors = fact({
  id: 'disk.tool-errors',
  reads: ['what programs said that they could not do, in texts of a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly string[] =>
    savedText(machine, 'tool-errors')
      .split('\n')
      .map((row) => row.trim())
      .filter((row) => row !== ''),
});

/** The check of what programs could not do. */
export const TOOL_ERRORS_CHECK = check({
  id: 'disk.tool-errors',
  area: 'disk',
  title: 'Programs that could not read, write or get memory',
  about:
    'Lines of a captured machine in which a program (ls, cp, df, dd, a shell …) says why it failed, in the words of errno(3).',
  needs: { errors },
  links: ['https://man7.org/linux/man-pages/man3/errno.3.html'],
  evaluate: ({ errors: rows }) =>
    KINDS.flatMap(([words, severity, title, remedy]): FindingDraft[] => {
      const said = [...new Set(rows.filter((row) => words.test(row)))];
      if (said.length === 0) return [];
      return [
        {
          ...{ severity, certainty: 'likely', title },
          subject: { kind: 'node', name: '' },
          parameters: { lines: said.length },
          evidence: said.slice(0, 3).map((row) => row.slice(0, 200)),
          remedy: { text: remedy, risk: 'none' },
        },
      ];
    }),
});
