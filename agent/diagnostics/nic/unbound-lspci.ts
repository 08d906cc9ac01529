/** Network devices without a driver, as `lspci -k` (or -v) tells of them: it names the driver of each device that has one. */

import type { UnboundDevice } from './unbound.ts';

/** "04:00.0 Ethernet controller [0200]: Realtek … [10ec:8125] (rev 05)". */
const HEAD =
  /^((?:[\da-f]{4,5}:)?[\da-f]{2}:[\da-f]{2}\.[0-7]) ([A-Z][\w -]{3,50}?)(?: \[([\da-f]{4})\])?: (.{1,300})$/;
/** Class 02 of PCI (pci.ids). */
const NETWORK =
  /^(?:Ethernet|Network|Token ring network|FDDI network|ATM network|Infiniband|Fabric) controller$/;
/** What grep puts between what it found. */
const CUT = /^--\s*$/;
const MAX_DEVICES = 4_096;

interface Block {
  readonly address: string;
  readonly network: boolean;
  readonly ids: string;
  lines: number;
  driver: boolean;
  module?: string;
  /** Whether grep may have cut off what is below. */
  cut: boolean;
}

/** The devices; undefined where no driver is named, since then lspci was not asked for them. */
export function parseUnbound(text: string): UnboundDevice[] | undefined {
  const blocks: Block[] = [];
  for (const line of text.split(/\r?\n/, 200_000)) {
    const [, address, kind = '', , name = ''] = (line.length < 500 && HEAD.exec(line)) || [];
    const last = blocks.at(-1);
    if (address !== undefined) {
      // Functions that are lent out wait for a guest.
      const network = NETWORK.test(kind) && !/virtual function/i.test(name);
      const ids = /\[([\da-f]{4}:[\da-f]{4})\](?: \(rev \w{2}\))?(?: \(prog-if .*)?$/.exec(name)?.[1] ?? '';
      blocks.push({ address, network, ids, lines: 0, driver: false, cut: false });
      if (blocks.length >= MAX_DEVICES) break;
    } else if (last && CUT.test(line)) last.cut = true;
    else if (last && /^\s+\S/.test(line)) {
      last.lines++;
      last.driver ||= /^\s+Kernel driver in use: \S/.test(line);
      const module = /^\s+Kernel modules: (\S.{0,100})$/.exec(line)?.[1];
      if (module !== undefined) last.module = module;
    }
  }
  if (!blocks.some(({ driver }) => driver)) return undefined;
  const longest = Math.max(...blocks.map(({ lines }) => lines));
  return blocks
    .filter(({ network, driver }) => network && !driver)
    .filter(({ cut, lines, module }) => module !== undefined || !cut || lines < longest)
    .map(({ address, ids, module }) => ({ address, ids, ...(module === undefined ? {} : { module }) }));
}
