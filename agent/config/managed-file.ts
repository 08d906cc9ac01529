/** A file that a document decides on: the resource that most sections are made of. */

import { createHash } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import type { FileState } from '../host/host-files.ts';
import type { Machine } from '../host/machine.ts';
import { accountRows } from './account-files.ts';
import type { Activation, ConfigHost, Difference, Effect, Resource } from './resource.ts';
import { textDiff } from './text-diff.ts';

/** What the file should be. */
export interface ManagedFile {
  /** Absolute. */
  readonly path: string;
  /** Its bytes; undefined where the file should not be there. */
  readonly content: Buffer | undefined;
  /** Whether nothing may be told of its content, not even a digest: short secrets could be guessed from one. */
  readonly secret?: boolean;
  /** Default 0644. */
  readonly mode?: number;
  /** Default root. */
  readonly owner?: string;
  /** Default root. */
  readonly group?: string;
  /** "file/" unless told: the section's own prefix. */
  readonly kind?: string;
  readonly after?: readonly string[];
  readonly activates?: readonly Activation[];
  readonly effect?: Effect;
  readonly risksConnection?: boolean;
}

/** As JSON keeps it: content in base64. */
type FileSnapshot =
  /** With the folders above it that did not exist either. */
  | { kind: 'absent'; missing: string[] }
  | {
      kind: 'file';
      /** Whether everybody on the machine may read it. */
      public: boolean;
      content: string;
      mode: number;
      uid: number;
      gid: number;
      owner: string[];
      group: string[];
    }
  | { kind: 'link'; target: string }
  | { kind: 'other'; what: string };

/** The resource of a file. */
export function managedFile(wanted: ManagedFile): Resource {
  const { path, content, mode = 0o644, owner = 'root', group = 'root', activates = [] } = wanted;
  return {
    id: `${wanted.kind ?? 'file'}/${path}`,
    after: wanted.after ?? [],
    effect: wanted.effect ?? (activates.length > 0 ? 'restart' : 'live'),
    risksConnection: wanted.risksConnection ?? false,
    activates,
    watches: [path],
    observe: async (host) => snapshotOf(path, host),
    same: (one, other) => sameFile(one as FileSnapshot, other as FileSnapshot),
    compare: (snapshot) =>
      compare(snapshot as FileSnapshot, { content, mode, owner, group, secret: wanted.secret ?? false }),
    apply: async ({ files, machine }) => {
      const state = files.state(path);
      if (state.kind === 'other')
        throw new Failure('HOST_CHANGE_FAILED', `${path} is ${state.what}, which is not replaced by a file`, {
          hint: 'take it away by other means, or choose another path',
        });
      if (content === undefined) return files.set(path, { kind: 'absent' });
      const [uid, gid] = [idOf(machine, 'etc/passwd', owner), idOf(machine, 'etc/group', group)];
      files.set(path, { kind: 'file', content, mode, uid, gid });
    },
    restore: async ({ files }, snapshot) => restore({ files }, path, snapshot as FileSnapshot),
  };
}

function restore({ files }: Pick<ConfigHost, 'files'>, path: string, snapshot: FileSnapshot): void {
  if (snapshot.kind === 'other') return;
  if (snapshot.kind === 'file') {
    const { mode, uid, gid } = snapshot;
    files.set(path, { kind: 'file', content: Buffer.from(snapshot.content, 'base64'), mode, uid, gid });
  } else files.set(path, snapshot);
  if (snapshot.kind === 'absent') files.removeEmpty(snapshot.missing);
}

/** Names of owners and missing folders may have changed by other resources: they are no part of the file. */
function sameFile(one: FileSnapshot, other: FileSnapshot): boolean {
  if (one.kind !== 'file' || other.kind !== 'file')
    return one.kind === 'link' && other.kind === 'link'
      ? one.target === other.target
      : one.kind === other.kind;
  return (['content', 'mode', 'uid', 'gid'] as const).every((field) => one[field] === other[field]);
}

function snapshotOf(path: string, { files, machine }: ConfigHost): FileSnapshot {
  const state: FileState = files.state(path);
  if (state.kind === 'absent') return { kind: 'absent', missing: files.missingFolders(path) };
  if (state.kind !== 'file') return { ...state };
  const { mode, uid, gid } = state;
  return {
    ...{ kind: 'file', content: state.content.toString('base64'), mode, uid, gid },
    public: files.isPublic(path),
    owner: namesOf(machine, 'etc/passwd', uid),
    group: namesOf(machine, 'etc/group', gid),
  };
}

function compare(
  snapshot: FileSnapshot,
  wanted: { content: Buffer | undefined; mode: number; owner: string; group: string; secret: boolean },
): Difference[] {
  const { content, secret } = wanted;
  if (content === undefined)
    return snapshot.kind === 'absent' ? [] : [{ field: 'content', from: described(snapshot), to: 'absent' }];
  const to = secret ? 'the sealed value' : `${content.length} bytes, sha256 ${digest(content)}`;
  // A new file has no lines to compare, but what it will hold is worth a look.
  const open = !secret && (wanted.mode & 0o004) !== 0;
  const shown = (before: Buffer) => (open ? { lines: () => textDiff(before, content) } : {});
  if (snapshot.kind !== 'file')
    return [
      {
        ...{ field: 'content', from: described(snapshot), to },
        ...(snapshot.kind === 'absent' ? shown(Buffer.alloc(0)) : {}),
      },
    ];
  const from = secret ? 'another value' : described(snapshot);
  const is = Buffer.from(snapshot.content, 'base64');
  const differences: Difference[] = [];
  if (!is.equals(content))
    differences.push({ field: 'content', from, to, ...(snapshot.public ? shown(is) : {}) });
  const octal = (mode: number) => mode.toString(8).padStart(4, '0');
  if (snapshot.mode !== wanted.mode)
    differences.push({ field: 'mode', from: octal(snapshot.mode), to: octal(wanted.mode) });
  for (const field of ['owner', 'group'] as const)
    if (!snapshot[field].includes(wanted[field]))
      differences.push({ field, from: snapshot[field][0] ?? '', to: wanted[field] });
  return differences;
}

function described(snapshot: FileSnapshot): string {
  switch (snapshot.kind) {
    case 'absent':
      return 'absent';
    case 'link':
      return `a link to ${snapshot.target}`;
    case 'other':
      return snapshot.what;
    case 'file': {
      const content = Buffer.from(snapshot.content, 'base64');
      return `${content.length} bytes, sha256 ${digest(content)}`;
    }
  }
}

/** Enough of a digest to tell texts apart by eye. */
function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** The number of an account by its name. The process' own name for it counts where the machine has no such list. */
function idOf(machine: Machine, list: string, name: string): number {
  for (const [entry, id] of accounts(machine, list)) if (entry === name) return id;
  if (name === 'root') return 0;
  throw new Failure(
    'HOST_CHANGE_FAILED',
    `there is no ${list.endsWith('group') ? 'group' : 'user'} "${name}"`,
    {
      hint: 'name one that the image has, or declare it under users',
    },
  );
}

/** The names that an account's number has; the number itself where it has none. */
function namesOf(machine: Machine, list: string, id: number): string[] {
  const names = [...accounts(machine, list)].filter(([, number]) => number === id).map(([name]) => name);
  return names.length > 0 ? names : [id === 0 ? 'root' : String(id)];
}

/** Names and numbers of passwd(5) or group(5). */
function* accounts(machine: Machine, list: string): Generator<[string, number]> {
  for (const [name = '', , id = ''] of accountRows(machine, list)) {
    if (name !== '' && /^\d+$/.test(id)) yield [name, Number(id)];
  }
}
