/** A machine that a test makes up: its files and the outputs of its programs are in memory. */

import { textLog } from '../../host/kernel-log.ts';
import type { Machine, ToolOutput } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import type { Check } from '../check.ts';
import { diagnose } from '../diagnose.ts';
import type { Reading } from '../fact.ts';
import { FactStore } from '../fact-store.ts';
import type { Report, Trait } from '../report.ts';

/** What a made-up machine is made of. */
export interface FakeParts {
  /** Contents by path without the leading "/"; a path that ends in "/" is an empty folder; "-> TARGET" is a link. */
  readonly files: Readonly<Record<string, string>>;
  /** What programs print, by their whole command line. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** ms since the epoch. */
  readonly now?: number;
  readonly live?: boolean;
}

/** A made-up machine. */
export function fakeMachine({
  files,
  outputs = {},
  now = Date.UTC(2026, 10, 1),
  live = true,
}: FakeParts): Machine {
  const paths = Object.keys(files);
  const text = (path: string): string | undefined => {
    const found = files[path];
    return found?.startsWith('-> ') ? text(found.slice(3).replace(/^\//, '')) : found;
  };
  return {
    live,
    now: () => now,
    nowUsec: () => now * 1_000,
    text,
    list: (path) => {
      const names = paths.flatMap((one) =>
        one.startsWith(`${path}/`) ? (one.slice(path.length + 1).split('/')[0] ?? '') : [],
      );
      return [...new Set(names.filter((name) => name !== ''))].sort();
    },
    link: (path) => (files[path]?.startsWith('-> ') ? files[path].slice(3) : undefined),
    has: (path) => paths.some((one) => one === path || one.startsWith(`${path}/`)),
    slowFiles: async (asked) =>
      new Map(
        asked.flatMap((path) =>
          files[path] === undefined ? [] : [[path, files[path].replace(/\n$/, '')] as const],
        ),
      ),
    run: async (program, args): Promise<ToolOutput> => {
      const stdout = outputs[[program, ...args].join(' ')] ?? outputs[program];
      if (stdout === undefined)
        throw new Unavailable(live ? 'missing-tool' : 'not-captured', `there is no ${program}`);
      return { code: 0, stdout, stderr: '' };
    },
    kernelLogs: () => {
      const kept = text('dev/kmsg');
      if (kept === undefined) throw new Unavailable(live ? 'absent' : 'not-captured', 'there is no log');
      return [textLog('/dev/kmsg', kept)];
    },
    probe: async () => {
      throw new Unavailable('failed', 'nobody listens');
    },
  };
}

/** Runs checks on a made-up machine. */
export function diagnoseFake(
  parts: FakeParts,
  checks: readonly Check[],
  traits: readonly ((reading: Reading) => Promise<Trait[]>)[] = [],
): Promise<Report> {
  const { signal } = new AbortController();
  return diagnose({ machine: fakeMachine(parts), signal, checks, traits });
}

/** A store of facts of a made-up machine. */
export function factsOf(parts: FakeParts): FactStore {
  return new FactStore(fakeMachine(parts), new AbortController().signal);
}
