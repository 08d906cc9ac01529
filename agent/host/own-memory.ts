/**
 * Gives memory of this process back that it can do without: pages of the program's own file, most of which only the start has
 * needed, and what the C library keeps of what was freed.
 *
 * The pages are clean and stay in the page cache: what is used again is mapped again, and nothing is read from the disk as long as
 * the kernel has had no better use for that memory. So it is the process that becomes smaller; packaging/README.md has what a
 * machine gains by it, and what it costs.
 */

import { readFileSync } from 'node:fs';
import { untouchedMappings } from './own-mappings.ts';
import { unoptimised } from './unoptimised.ts';

/** Memory of this process that can be given back. */
export interface OwnMemory {
  /** Pages of files that are resident now, in bytes; undefined where the kernel does not tell. */
  fileBytes(): number | undefined;
  /** Gives the pages of the program's file back, which takes some ten milliseconds. @throws Error where that cannot be done safely */
  givePages(): GivenBack;
  /** Gives back what the C library keeps (malloc_trim(3)). */
  trim(): void;
}

/** Pages that were given back. */
export interface GivenBack {
  /** Mappings of the program's file. */
  readonly mappings: number;
  /** Their length in bytes, resident or not. */
  readonly bytes: number;
}

/** MADV_DONTNEED of madvise(2). */
const DONTNEED = 4;
/** Where a pointer and a size_t are 64 bits wide, and the constant is the one above. */
const ARCHITECTURES = ['x64', 'arm64'];
/** An agent's is 200 kB long; that of a process with thousands of mappings is not read into memory to save some. */
const MAX_SMAPS = 4 << 20;

const U64 = 'uint64' as const;
const I32 = 'int32' as const;

/**
 * The memory of this process, through node:ffi. Node says on stderr that this is experimental unless it is told otherwise, as the
 * launcher does.
 * @throws Error where this Node or the C library has not what it takes
 */
export function ownMemory(): OwnMemory {
  const ffi = process.getBuiltinModule('node:ffi');
  if (!ffi) throw new Error('this Node has no node:ffi');
  if (process.platform !== 'linux' || !ARCHITECTURES.includes(process.arch))
    throw new Error(`it is not known how on ${process.platform} on ${process.arch}`);
  const { functions } = ffi.dlopen(null, {
    madvise: { arguments: [U64, U64, I32], return: I32 },
    // glibc alone has this one.
    malloc_trim: { arguments: [U64], return: I32 },
  });
  return {
    fileBytes: () => {
      const [, kilobytes] = /^RssFile:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
    },
    givePages: () => {
      const smaps = readFileSync('/proc/self/smaps', 'utf8');
      if (smaps.length > MAX_SMAPS) throw new Error('this process has too many mappings');
      const mappings = unoptimised(() => untouchedMappings(smaps, process.execPath));
      let bytes = 0;
      for (const { from, bytes: length } of mappings) {
        if (functions.madvise(from, length, DONTNEED) !== 0)
          throw new Error(`the kernel does not take ${length} bytes at ${from.toString(16)}`);
        bytes += Number(length);
      }
      return { mappings: mappings.length, bytes };
    },
    trim: () => void functions.malloc_trim(0n),
  };
}
