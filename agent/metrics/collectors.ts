/** All collectors. */

import type { Collector } from './collector.ts';
import { conntrackCollector, kernelCollector } from './collectors/kernel.ts';
import { edacCollector, memoryCollector, pressureCollector } from './collectors/memory.ts';

/** Every collector. */
export const COLLECTORS: readonly Collector[] = [
  kernelCollector,
  memoryCollector,
  pressureCollector,
  edacCollector,
  conntrackCollector,
];
