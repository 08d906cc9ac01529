/** /proc/diskstats: what each block device has done since boot. Fields are documented in Documentation/admin-guide/iostats.rst. */

/** Counters of one device. Times are ms. */
export interface DiskStats {
  readonly reads: number;
  readonly readBytes: number;
  readonly readMs: number;
  readonly writes: number;
  readonly writtenBytes: number;
  readonly writeMs: number;
  readonly inFlight: number;
  /** Time in which at least one request was under way. */
  readonly busyMs: number;
  /** Time weighted by the requests under way: its growth over time is the mean length of the queue. */
  readonly queueMs: number;
  /** Flushes, which fsync waits for; undefined before Linux 5.5. */
  readonly flushes: number | undefined;
  readonly flushMs: number | undefined;
}

/** Sectors of the file have this many bytes, whatever those of the device have. */
const SECTOR = 512;

/** Parses /proc/diskstats: 14 fields a line, 18 since Linux 4.18, 20 since 5.5. Others are left out. */
export function parseDiskStats(text: string): Map<string, DiskStats> {
  const found = new Map<string, DiskStats>();
  for (const row of text.split('\n').slice(0, 20_000)) {
    const words = row.trim().split(/\s+/);
    const name = words[2];
    if (name === undefined || words.length < 14) continue;
    const values = words.slice(3).map(Number);
    if (values.some((value) => !Number.isFinite(value))) continue;
    const at = (index: number) => values[index] ?? 0;
    found.set(name, {
      ...{ reads: at(0), readBytes: at(2) * SECTOR, readMs: at(3) },
      ...{ writes: at(4), writtenBytes: at(6) * SECTOR, writeMs: at(7) },
      ...{ inFlight: at(8), busyMs: at(9), queueMs: at(10) },
      flushes: values[15],
      flushMs: values[16],
    });
  }
  return found;
}
