/** All samplers, room by room: what a tick samples. */

import { CLOCK_SAMPLER } from '../diagnostics/clock/samples.ts';
import { DISK_SAMPLER } from '../diagnostics/disk/samples.ts';
import { MEMORY_SAMPLER } from '../diagnostics/memory/samples.ts';
import { NIC_SAMPLER } from '../diagnostics/nic/samples.ts';
import { SYSTEM_SAMPLER } from '../diagnostics/system/samples.ts';
import type { Sampler } from './sample.ts';

/** What the agent itself costs: the first thing to look at where somebody suspects it. */
const agent: Sampler = {
  id: 'agent',
  read: () => {
    const { user, system } = process.cpuUsage();
    return [
      { series: 'agent//cpu_seconds', value: (user + system) / 1e6 },
      { series: 'agent//resident_bytes', value: process.memoryUsage.rss() },
    ];
  },
};

/** Every sampler. */
export const SAMPLERS: readonly Sampler[] = [
  agent,
  CLOCK_SAMPLER,
  DISK_SAMPLER,
  MEMORY_SAMPLER,
  NIC_SAMPLER,
  SYSTEM_SAMPLER,
];
