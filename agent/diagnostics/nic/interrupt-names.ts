/** Interfaces by the names of their queues' interrupts, for captured machines of which nothing else tells of them. */

/** A queue's interrupt with its interface's name, as drivers write it: "eth0-TxRx-2", "i40e-ens1f0-TxRx-2", "enp3s0-rx-0", "eth3-fp-0". */
const QUEUE =
  /(?:^|[\s-])((?:e(?:th|n|m|ns|no)|p\d{1,3}p|ib|wl)[a-z\d]{0,12}\d[a-z\d]{0,6})-(?:(?:tx-?rx|[rt]x|fp|q)-?)?\d{1,4}$/i;

/** Interfaces that /proc/interrupts names with the interrupts of their queues. */
export function interfacesOfInterrupts(text: string): string[] {
  const names = new Set<string>();
  for (const line of text.split('\n', 20_000)) {
    const name = /^\s*\d{1,9}:\s/.test(line) ? QUEUE.exec(line.trimEnd().slice(-100))?.[1] : undefined;
    if (name !== undefined) names.add(name);
  }
  return [...names];
}
