/** Mounted file systems, and those that /etc/fstab wants. */

import { fact } from '../fact.ts';
import type { Subject } from '../finding.ts';
import { nothing } from '../required.ts';

/** Kinds of file systems: on a disk of this machine, on another machine (or a program: FUSE), in memory, the kernel's own. */
export type MountKind = 'local' | 'network' | 'memory' | 'kernel';

/** A mounted file system. */
export interface Mount {
  /** Where it is mounted: "/var". */
  readonly path: string;
  /** "8:1"; the same for all mounts of one file system. Empty where it is not told. */
  readonly device: string;
  /** The part of it that is mounted: "/" for all of it. */
  readonly root: string;
  readonly type: string;
  /** "/dev/sda1", "nas:/export". */
  readonly source: string;
  readonly kind: MountKind;
  /** Whether this mount is read-only. */
  readonly readOnly: boolean;
  /** Whether the file system as a whole is: alone, it was made so by an error. Undefined where that is not told apart (/proc/mounts). */
  readonly fileSystemReadOnly: boolean | undefined;
  /** Options of the file system as a whole: "errors=remount-ro", "discard". */
  readonly options: readonly string[];
}

const MAX_MOUNTS = 20_000;

const NETWORK =
  /^(nfs4?|cifs|smb3?|smbfs|ceph|9p|afs|lustre|beegfs|gpfs|glusterfs|ocfs2|gfs2|pvfs2|orangefs|virtiofs|fuse(\..*)?|fuseblk)$/;
/** Programs that answer for file systems of FUSE which are no storage. */
const HELPERS = /^fuse\.(lxcfs|gvfsd-fuse|portal|snapfuse|squashfuse|osxfuse|vmware-vmblk|rawBridge)$/;
const LOCAL =
  /^(ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|jfs|reiserfs|reiser4|vfat|msdos|exfat|ntfs3?|nilfs2|ubifs|jffs2|hfsplus|minix|udf)$/;
const MEMORY = /^(tmpfs|ramfs)$/;

function kindOf(type: string, path: string): MountKind {
  if (LOCAL.test(type)) return 'local';
  if (HELPERS.test(type)) return 'kernel';
  if (NETWORK.test(type)) return 'network';
  if (MEMORY.test(type)) return 'memory';
  // A live image or a container has its root in an overlay: that is where it writes.
  return type === 'overlay' && path === '/' ? 'local' : 'kernel';
}

/** Octal escapes of /proc and fstab: white space and backslashes. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Parses /proc/PID/mountinfo: "36 35 98:0 /root /path rw,noatime master:1 - ext3 /dev/root rw,errors=continue". */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const row of text.split('\n').slice(0, MAX_MOUNTS)) {
    const at = row.indexOf(' - ');
    const head = row.slice(0, Math.max(0, at)).split(' ');
    const [type, source = '', options = ''] =
      at < 0
        ? []
        : row
            .slice(at + 3)
            .trim()
            .split(' ');
    const [, , device, root, path, own = ''] = head;
    if (type === undefined || path === undefined || root === undefined || device === undefined) continue;
    const all = options.split(',');
    mounts.push({
      ...{ path: plain(path), device, root: plain(root), type, source: plain(source) },
      kind: kindOf(type, plain(path)),
      readOnly: own.split(',').includes('ro'),
      fileSystemReadOnly: all.includes('ro'),
      options: all,
    });
  }
  return mounts;
}

/** Parses /proc/mounts, where a captured machine has nothing better. Whether the mount or the file system is read-only is not told apart. */
function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .slice(0, MAX_MOUNTS)
    .flatMap((row): Mount[] => {
      const [source, path, type, options] = row.trim().split(/\s+/);
      if (source === undefined || path === undefined || type === undefined || options === undefined)
        return [];
      const all = options.split(',');
      return [
        {
          ...{ path: plain(path), device: '', root: '/', type, source: plain(source), options: all },
          kind: kindOf(type, plain(path)),
          readOnly: all.includes('ro'),
          fileSystemReadOnly: undefined,
        },
      ];
    });
}

/** Parses what `mount` or `mount -l` printed: "/dev/sda1 on / type ext4 (rw,relatime) [label]". */
export function parseMountOutput(text: string): Mount[] {
  const table = text.split('\n').flatMap((row) => {
    const match = /^(.+?) on (\/.*?) type (\S+) \(([^)]*)\)/.exec(row.slice(0, 4_096));
    return match
      ? [
          match
            .slice(1)
            .map((part) => part.replace(/ /g, '\\040'))
            .join(' '),
        ]
      : [];
  });
  return parseMounts(table.join('\n'));
}

/** Parses what `findmnt` printed: "├─/boot /dev/sda1[/part] ext4 rw,relatime", a tree or a list. */
function parseFindmnt(text: string): Mount[] {
  return text.split('\n', MAX_MOUNTS).flatMap((row) => {
    const match = /^[\s│├└─|`-]{0,80}(\/\S*)\s+([^\s[]+)(?:\[(\/\S*)\])?\s+(\S+)\s+(r[ow](?:,\S*)?)\s*$/.exec(
      row.slice(0, 4_096),
    );
    const [, path, source, root = '/', type, options] = match ?? [];
    return parseMounts([source, path, type, options].join(' ')).map((one) => ({ ...one, root }));
  });
}

/**
 * Everything that is mounted. The first process's view is taken where it can be read: the agent's own unit may see everything
 * read-only.
 */
export const allMounts = fact({
  id: 'disk.all-mounts',
  reads: [
    '/proc/1/mountinfo',
    '/proc/self/mountinfo',
    '/proc/mounts',
    'mount and findmnt, on a captured machine',
  ],
  limitMs: 1_000,
  read: async ({ machine }): Promise<readonly Mount[]> => {
    let text: string | undefined;
    try {
      text = machine.text('proc/1/mountinfo');
    } catch {
      // Hidden from this user (hidepid): the agent's own view is the next best.
    }
    text ??= machine.text('proc/self/mountinfo');
    let all = text === undefined ? parseMounts(machine.text('proc/mounts') ?? '') : parseMountinfo(text);
    for (const args of machine.live || all.length > 0 ? [] : [['-l'], []]) {
      const saved = await machine.run('mount', args).catch(() => undefined);
      if (all.length === 0 && saved) all = parseMountOutput(saved.stdout);
    }
    for (const { text: tree } of machine.live || all.length > 0 ? [] : (machine.saved?.('findmnt') ?? []))
      all = [...all, ...parseFindmnt(tree)];
    if (all.length === 0) throw nothing(machine, '/proc/self/mountinfo');
    return all;
  },
});

/** File systems, each once, at the mount that shows all of it or the shortest path; the kernel's own are left out. */
export const mounts = fact({
  id: 'disk.mounts',
  reads: allMounts.reads,
  limitMs: 2_000,
  read: async ({ get }): Promise<readonly Mount[]> => {
    const seen = new Map<string, Mount>();
    for (const mount of (await get(allMounts)).filter(({ kind }) => kind !== 'kernel')) {
      const { device, type, source, path } = mount;
      const key = device !== '' ? device : `${type} ${type === 'tmpfs' ? path : source}`;
      const before = seen.get(key);
      if (!before || better(mount, before)) seen.set(key, mount);
    }
    return [...seen.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  },
});

function better(one: Mount, other: Mount): boolean {
  if ((one.root === '/') !== (other.root === '/')) return one.root === '/';
  if (one.readOnly !== other.readOnly) return !one.readOnly;
  return one.path.length < other.path.length;
}

/** A line of /etc/fstab. */
export interface Wanted {
  readonly source: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Parses /etc/fstab. */
export function parseFstab(text: string): Wanted[] {
  return text
    .split('\n')
    .slice(0, 1_000)
    .flatMap((row): Wanted[] => {
      const [source, path, type, options = 'defaults'] = row.trim().split(/\s+/);
      if (source === undefined || source.startsWith('#') || path === undefined || type === undefined)
        return [];
      return [{ source: plain(source), path: plain(path), type, options: options.split(',') }];
    });
}

/** What /etc/fstab wants mounted; empty where there is no such file, as on many images. */
export const fstab = fact({
  id: 'disk.fstab',
  reads: ['/etc/fstab'],
  limitMs: 1_000,
  read: ({ machine }): readonly Wanted[] => parseFstab(machine.text('etc/fstab') ?? ''),
});

/** A file system as the subject of a finding. */
export function fileSystem({ path, type, source }: Pick<Mount, 'path' | 'type' | 'source'>): Subject {
  return { kind: 'filesystem', name: path, attributes: { type, source: source.slice(0, 120) } };
}
