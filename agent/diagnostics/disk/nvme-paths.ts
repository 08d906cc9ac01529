/**
 * Paths to NVMe drives over a network, as `nvme list-subsys` printed them on a captured machine (nvme-cli 1 and 2, nvme-print-stdout.c, and
 * with -o json). A running machine is not asked: its drives and the kernel's log tell of lost paths.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** A path. */
export interface NvmePath {
  /** "nvme9"; empty where the tool could not tell. */
  readonly controller: string;
  /** "tcp", "rdma", "fc". */
  readonly transport: string;
  readonly address: string;
  /** "live", "connecting", "deleting"; empty where the tool could not tell. */
  readonly state: string;
}

/** A subsystem with its paths. */
export interface NvmeSubsystem {
  /** "nvme-subsys8" */
  readonly name: string;
  readonly paths: readonly NvmePath[];
}

const MAX_ROWS = 20_000;

/** " +- nvme9 tcp traddr=10.161.8.24,trsvcid=4420 connecting ", " +- (null) tcp traddr=… (null)", "… live non-optimized". */
function parseText(text: string): NvmeSubsystem[] {
  const found: { name: string; paths: NvmePath[] }[] = [];
  for (const row of text.split('\n', MAX_ROWS)) {
    const name = /^(nvme-subsys\d{1,6}) - NQN=/.exec(row)?.[1];
    if (name !== undefined) found.push({ name, paths: [] });
    const [, controller = '', transport = '', words = ''] =
      /^\s*\+- (\S{1,32}) (\S{1,10}) (.{0,500})$/.exec(row) ?? [];
    if (transport === '') continue;
    const all = words.trim().split(/\s+/);
    const known =
      all.findLast((word) => /^(?:new|live|resetting|connecting|deleting|dead|\(null\))/.test(word)) ?? '';
    found.at(-1)?.paths.push({
      controller: controller === '(null)' ? '' : controller,
      transport,
      address: all
        .filter((word) => word.includes('='))
        .join(' ')
        .slice(0, 200),
      state: known === '(null)' ? '' : known,
    });
  }
  return found;
}

/** Subsystems of the JSON form, however deep they stand: nvme-cli 2 lists hosts with subsystems in them. */
function parseJson(text: string): NvmeSubsystem[] {
  const found: NvmeSubsystem[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 6) return;
    const { Name: name, Paths: paths } = value as { Name?: unknown; Paths?: unknown };
    if (typeof name === 'string' && Array.isArray(paths))
      found.push({
        name,
        paths: paths.map(
          (path: { Name?: unknown; Transport?: unknown; Address?: unknown; State?: unknown }) => ({
            controller: String(path.Name ?? ''),
            transport: String(path.Transport ?? ''),
            address: String(path.Address ?? '').slice(0, 200),
            state: String(path.State ?? ''),
          }),
        ),
      });
    else for (const one of Object.values(value)) visit(one, depth + 1);
  };
  try {
    visit(JSON.parse(text), 0);
  } catch {
    // It is told as nonsense, since nothing was found.
  }
  return found;
}

/** Subsystems of which `nvme list-subsys` was saved. */
export const nvmePaths = fact({
  id: 'disk.nvme-paths',
  reads: ['nvme list-subsys, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly NvmeSubsystem[] => {
    if (machine.live) throw new Unavailable('absent', 'nvme list-subsys is read of captured machines only');
    const saved = machine.saved?.('nvme list-subsys') ?? [];
    if (saved.length === 0)
      throw new Unavailable('not-captured', 'the output of nvme list-subsys is not in the captured folder');
    const all = saved.flatMap(({ text }) => (/^\s*[[{]/.test(text) ? parseJson(text) : parseText(text)));
    if (all.length === 0)
      throw new Unavailable('nonsense', 'what was saved of nvme list-subsys names no subsystem');
    // Below its command line and by its own first line it may be there twice.
    return [...new Map(all.map((one) => [one.name, one])).values()];
  },
});
