/**
 * What systeminformation knows of this machine that the kernel's own files and dmidecode do not say in a line: processors with
 * their sockets and caches, graphics cards, and memory where dmidecode may not be run. It starts some twenty programs through a
 * shell, waits for some of them in this thread (16 ms at most on a small machine, longer on a large one), and takes some
 * megabytes: so it is loaded when somebody asks for an inventory, asked once, and kept.
 */

/** A processor package or several of one kind. */
export interface ProcessorModel {
  /** "AMD EPYC 7763 64-Core Processor" */
  readonly model: string;
  readonly sockets: number;
  /** Of all sockets together. */
  readonly cores: number;
  readonly threads: number;
}

/** What systeminformation tells. */
export interface StaticInventory {
  readonly processor: ProcessorModel;
  /** Graphics cards, as "VENDOR MODEL". */
  readonly graphics: readonly string[];
  readonly memory: readonly {
    readonly bytes: number;
    readonly slot: string;
    readonly type: string;
    readonly part: string;
    readonly serial: string;
    readonly maker: string;
    /** MHz; 0 where it is not told. */
    readonly speed: number;
  }[];
}

const LIMIT_MS = 15_000;

async function read(): Promise<StaticInventory> {
  // The package is CommonJS: bundled, it has nothing but its default.
  const { default: information } = await import('systeminformation');
  const { cpu, graphics, memLayout } = information;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`systeminformation took more than ${LIMIT_MS} ms`)),
    LIMIT_MS,
  );
  try {
    // One after the other: it is in no hurry, and asks the same programs each time.
    const ask = async (): Promise<StaticInventory> => {
      const one = await cpu();
      const cards = await graphics();
      const modules = await memLayout();
      return {
        processor: {
          model: `${one.manufacturer} ${one.brand}`.trim(),
          sockets: one.processors,
          cores: one.physicalCores,
          threads: one.cores,
        },
        graphics: cards.controllers.map(({ vendor, model }) => `${vendor} ${model}`.trim()),
        memory: modules.map((module) => ({
          bytes: module.size,
          slot: module.bank ?? '',
          type: module.type ?? '',
          part: module.partNum ?? '',
          serial: module.serialNum ?? '',
          maker: module.manufacturer ?? '',
          speed: module.clockSpeed ?? 0,
        })),
      };
    };
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}

let kept: Promise<StaticInventory> | undefined;

/** The inventory of the machine that this runs on; asked once, and again only where it failed. */
export function staticInventory(): Promise<StaticInventory> {
  kept ??= read().catch((error: unknown) => {
    kept = undefined;
    throw error;
  });
  return kept;
}
