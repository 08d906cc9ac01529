/** Calls on a connection that stays open, as automation makes them. */

import type { Bench } from './bench.ts';
import { median } from './rig/measure.ts';
import { type Findings, plain, show } from './rig/report.ts';
import { NODE, type Rig } from './rig/rig.ts';

const METHOD = 'nodectl.v1.SystemService/GetVersion';

/** The benchmark. */
export const unary: Bench = {
  name: 'unary',
  title: 'unary calls on one open connection',
  missing: () => undefined,
  run,
};

async function run(rig: Rig): Promise<Findings> {
  const { address } = await rig.agent();
  const channel = await rig.open(NODE, address);
  try {
    const calls = rig.amount(5_000, 500);
    const rate = async (inFlight: number): Promise<number> => {
      let left = calls;
      const began = performance.now();
      const lane = async () => {
        while (left-- > 0) await channel.unary(METHOD, {});
      };
      await Promise.all(Array.from({ length: inFlight }, lane));
      return (calls / (performance.now() - began)) * 1_000;
    };
    await rate(16);
    const rates: Record<number, number[]> = { 1: [], 16: [] };
    for (let round = 0; round < rig.amount(5, 2); round++)
      for (const inFlight of [1, 16]) rates[inFlight]?.push(await rate(inFlight));
    return {
      figures: [
        plain('one at a time', show.aSecond(median(rates[1] ?? []))),
        plain('16 in flight', show.aSecond(median(rates[16] ?? []))),
      ],
      notes: [],
    };
  } finally {
    channel.close();
  }
}
