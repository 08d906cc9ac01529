/** What processors and disks did while somebody looked, in the words that every tool's output is brought to. */

/** Where the time of processors went, in percent. */
export interface CpuShares {
  /** "all", or the number of one. */
  readonly cpu: string;
  readonly idle: number;
  /** Idle while a task of it waited for I/O. */
  readonly iowait: number;
  /** Taken by the hypervisor for others. */
  readonly steal: number;
  /** Undefined where the tool does not tell. */
  readonly softirq: number | undefined;
}

/** How a block device answered. Times are ms; what a version does not tell is undefined. */
export interface DiskShares {
  readonly name: string;
  /** Requests a second. */
  readonly requests: number;
  /** The mean time of a request, from its queueing to its end. */
  readonly awaitMs: number | undefined;
  /** The mean number of requests under way. */
  readonly queue: number | undefined;
  /** The share of the time with a request under way, in percent. */
  readonly busy: number | undefined;
}

/** An output of a tool, read. */
export interface Observed {
  /** "vmstat", "top", "mpstat". */
  readonly tool: string;
  /** How many looks its numbers are the mean of; 0 where they are taken since boot. */
  readonly looks: number;
  readonly shares: readonly CpuShares[];
  readonly disks: readonly DiskShares[];
  /** KiB a second that were swapped in and out. */
  readonly swapped?: { readonly in: number; readonly out: number };
  /** Tasks in uninterruptible sleep: the least of all looks, and the mean. */
  readonly blocked?: { readonly least: number; readonly mean: number };
  /** Threads of the kernel that find free memory or serve interrupts, with their share of a processor in percent. */
  readonly threads?: readonly { readonly name: string; readonly percent: number }[];
  /** How many processors there are, where it tells. */
  readonly cpus?: number;
}

/** A number of an output: "12.3", "12,3" as many languages write it, "12.3%". NaN for others. */
export function numberOf(word: string | undefined): number {
  return /^-?\d{1,15}(?:[.,]\d{1,9})?%?$/.test(word ?? '')
    ? Number.parseFloat((word ?? '').replace(',', '.'))
    : Number.NaN;
}

/** The mean of numbers; 0 of none. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** "in the mean of 9 looks of vmstat"; one report alone is most often the first, which is of all the time since boot. */
export function lookWords({ tool, looks }: Observed): string {
  if (looks === 0) return `in one report of ${tool}, which may be that since boot`;
  return looks === 1 ? `in one look of ${tool}` : `in the mean of ${looks} looks of ${tool}`;
}
