/** Names that udev would give to interfaces: what it wrote down of each when it named it (/run/udev/data/nINDEX). */

import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { nicInterfaces } from './interfaces.ts';

/** Names of an interface, by the policies of systemd.net-naming-scheme(7). */
export interface PredictableNames {
  /** What udev decided on. */
  readonly chosen?: string;
  /** What it could have decided on: by firmware, slot, path or address. */
  readonly candidates: readonly string[];
  /** "v252" */
  readonly scheme?: string;
}

/** Reads an entry of udev's database. */
function parseUdevNames(text: string): PredictableNames {
  const of = (key: string) => new RegExp(`^E:${key}=(\\S{1,64})$`, 'm').exec(text)?.[1];
  const candidates = ['FROM_DATABASE', 'ONBOARD', 'SLOT', 'PATH', 'MAC'].flatMap(
    (policy) => of(`ID_NET_NAME_${policy}`) ?? [],
  );
  const chosen = of('ID_NET_NAME');
  const scheme = of('ID_NET_NAMING_SCHEME');
  return { ...(chosen ? { chosen } : {}), candidates, ...(scheme ? { scheme } : {}) };
}

/** Names by interface, of those with a device. */
export const nicNames = fact({
  id: 'nic.names',
  reads: ['/run/udev/data/nINDEX'],
  limitMs: 2_000,
  read: async ({ machine, get }): Promise<ReadonlyMap<string, PredictableNames>> => {
    const found = new Map<string, PredictableNames>();
    for (const { name, index, kind } of await get(nicInterfaces)) {
      const text =
        kind === 'physical' && index !== undefined ? machine.text(`run/udev/data/n${index}`) : undefined;
      if (text !== undefined) found.set(name, parseUdevNames(text));
    }
    if (found.size === 0) throw nothing(machine, 'udev database');
    return found;
  },
});
