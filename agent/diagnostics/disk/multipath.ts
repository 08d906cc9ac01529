/** `multipath -ll`, as captured machines have it: the form of multipath-tools 0.4.9 and later, and the older one with brackets. */

/** A path to a disk. */
export interface Path {
  /** "sdb"; "#:#:#:#" paths of removed disks have "-". */
  readonly name: string;
  /** "active", "failed" as the device mapper sees it. */
  readonly state: string;
  /** "ready", "ghost" (usable after a failover), "faulty", "shaky" as the checker sees it. */
  readonly checker: string;
  /** "running", "offline", "blocked" as the kernel sees it; empty in the older form. */
  readonly online: string;
}

/** A disk with several paths. */
export interface Multipath {
  /** Its alias, or its world-wide name. */
  readonly name: string;
  /** "dm-2" */
  readonly device: string;
  /** "DELL,MD36xxi" */
  readonly product: string;
  readonly paths: readonly Path[];
  /** Whether rows of paths alone were kept (`multipath -ll | grep faulty`): of which disks they are, and whether there are others, is not told. */
  readonly excerpt?: true;
}

const MAX_ROWS = 50_000;

/** "mpatha (3600…) dm-2 DELL,MD36xxi", "3600… dm-3 LIO-ORG,disk"; a leading "create: " or "reload: " is dropped. */
function head(row: string): (Multipath & { paths: Path[] }) | undefined {
  const match = /^(?:[a-z: ]+: )?(\S+)(?: +\([^)]*\)| +\d{8,})? (dm-\d+)(?: +(\S.*))?$/.exec(row);
  if (!match) return undefined;
  const [, name = '', device = '', product = ''] = match;
  return { name, device, product: product.replace(/\s+/g, ' ').trim(), paths: [] };
}

/**
 * Tools before 0.4.7 had neither the device nor the product in it: "mpath0 (360a9800043346441…)", or the world-wide name alone, above
 * "[size=10 GB][features="0"][hwhandler="0"]".
 */
function oldHead(row: string, below: string | undefined): (Multipath & { paths: Path[] }) | undefined {
  const name = /^(\S{1,128})(?: +\([^)]{1,128}\))?$/.exec(row)?.[1];
  if (name === undefined || !/^\s{0,8}\[size=/.test(below ?? '')) return undefined;
  return { name, device: '', product: '', paths: [] };
}

/** "| `- 3:0:0:1 sdb 8:16 active ready running", "\_ 3:0:1:4 sdk  8:160  [active][ready]", "- #:#:#:# sdc 8:32 failed faulty running". */
function path(row: string): Path | undefined {
  const match =
    /(?:^|[\s|`\\_-])(?:\d+:\d+:\d+:\d+|#:#:#:#)\s+(\S+)\s+(?:\d+:\d+|#:#)\s+(?:-?\d{1,6}\s+)?(.*)$/.exec(
      row,
    );
  if (!match) return undefined;
  const [state = '', checker = '', online = ''] = (match[2] ?? '')
    .replace(/[[\]]+/g, ' ')
    .trim()
    .split(/\s+/);
  return { name: match[1] ?? '', state, checker, online };
}

/** Parses what `multipath -ll` printed, or `multipathd show paths` ("3:0:0:1 sdb 8:16 50 active ready running XXX... 14/20"); messages and the list of paths of -v4 are passed over. */
export function parseMultipath(text: string): Multipath[] {
  const maps: (Multipath & { paths: Path[] })[] = [];
  const rows = text.split('\n').slice(0, MAX_ROWS);
  for (const [at, long] of rows.entries()) {
    const row = long.slice(0, 500).trimEnd();
    const found = head(row) ?? oldHead(row, rows[at + 1]);
    if (found) maps.push(found);
    else if (/^(?:[\s|`\\_-]|\d+:\d+:\d+:\d+ )/.test(row)) {
      const one = path(row);
      if (!one || !/^(active|failed|undef)$/.test(one.state)) continue;
      if (maps.length === 0)
        maps.push({ name: 'unnamed', device: '', product: '', paths: [], excerpt: true });
      maps.at(-1)?.paths.push(one);
    }
  }
  return maps;
}
