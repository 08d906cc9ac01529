/**
 * Two network namespaces with a link between them that carries so many bits a second, as a switch port of that speed does. What is
 * measured on it runs in one of them; the machine's own network is not touched.
 */

import { spawnSync } from 'node:child_process';
import { onPath } from './process.ts';

/** Two ends of a link; a program runs at one of them with its words in front. */
export interface ShapedLink {
  readonly operator: readonly string[];
  readonly node: readonly string[];
  /** The node's address on the link; on its own loopback device it is 127.0.0.1. */
  readonly nodeAddress: string;
  /** Removes both namespaces, and the link with them. */
  stop(): void;
}

/** Documentation addresses (RFC 5737): nothing else has them. */
const [OPERATOR, NODE] = ['192.0.2.1', '192.0.2.2'];
/** Room for one batch of the kernel's segmentation, which is 64 KiB, and for what waits in a switch. */
const [BURST, QUEUE] = ['128kb', '50ms'];

/** Why there can be no such link here, or undefined. */
export function linkMissing(): string | undefined {
  const program = ['ip', 'tc'].find((one) => !onPath(one));
  if (program) return `${program} is not installed (iproute2)`;
  const space = `nodectl-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', space]);
  spawnSync('ip', ['netns', 'delete', space]);
  return made.status === 0 ? undefined : 'network namespaces cannot be made here';
}

/** Makes a link of so many Mbit/s in each direction. Throws an Error where that fails, and leaves nothing behind then. */
export function shapedLink(megabits: number): ShapedLink {
  const ends = { operator: `nodectl-op-${process.pid}`, node: `nodectl-no-${process.pid}` };
  const stop = () => {
    for (const space of Object.values(ends)) spawnSync('ip', ['netns', 'delete', space]);
  };
  try {
    for (const space of Object.values(ends)) tool('ip', 'netns', 'add', space);
    const link = ['link', 'add', 'link0', 'netns', ends.operator, 'type', 'veth'];
    tool('ip', ...link, 'peer', 'name', 'link0', 'netns', ends.node);
    for (const [space, address] of [
      [ends.operator, OPERATOR],
      [ends.node, NODE],
    ] as const) {
      tool('ip', '-n', space, 'address', 'add', `${address}/24`, 'dev', 'link0');
      for (const device of ['lo', 'link0']) tool('ip', '-n', space, 'link', 'set', device, 'up');
      const shape = ['rate', `${megabits}mbit`, 'burst', BURST, 'latency', QUEUE];
      tool('tc', '-n', space, 'qdisc', 'add', 'dev', 'link0', 'root', 'tbf', ...shape);
    }
  } catch (error) {
    stop();
    throw error;
  }
  const within = (space: string) => ['ip', 'netns', 'exec', space];
  return { operator: within(ends.operator), node: within(ends.node), nodeAddress: NODE, stop };
}

function tool(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
