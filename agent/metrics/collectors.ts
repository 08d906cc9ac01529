/** All collectors. */

import type { Collector } from './collector.ts';
import { chronyCollector, clocksourceCollector, timexCollector } from './collectors/clock.ts';
import { diskCollector, filesystemCollector } from './collectors/disk.ts';
import { kernelCollector } from './collectors/kernel.ts';
import { edacCollector, memoryCollector, pressureCollector } from './collectors/memory.ts';
import {
  linkSpeedCollector,
  networkCollector,
  nicEventCollector,
  softnetCollector,
  stackCollector,
} from './collectors/network.ts';
import { conntrackCollector, sensorCollector, unitCollector } from './collectors/system.ts';

/** Every collector. */
export const COLLECTORS: readonly Collector[] = [
  kernelCollector,
  memoryCollector,
  pressureCollector,
  edacCollector,
  networkCollector,
  linkSpeedCollector,
  nicEventCollector,
  softnetCollector,
  stackCollector,
  conntrackCollector,
  diskCollector,
  filesystemCollector,
  timexCollector,
  clocksourceCollector,
  chronyCollector,
  sensorCollector,
  unitCollector,
];
