/** A fleet that is made up: nodes that answer, fail or hang, behind the same door as real ones. For tests. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel, ChannelTarget } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { OpenChannel } from '../session.ts';

/** A node: answers by method, or the failure to reach it, or undefined for one that never answers. */
export interface FakeNode {
  labels?: Record<string, string>;
  addresses?: string[];
  unreachable?: Failure;
  hangs?: boolean;
  /** Milliseconds until it answers. */
  delayMs?: number;
  answers?: Record<string, (request: Record<string, unknown>) => unknown>;
}

/** Key and certificate of nobody: the shape is all that reading a context looks at. */
export const FAKE_CREDENTIAL = [
  '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
].join('\n');

/** A fleet with its contexts file. */
export class FakeFleet {
  readonly folder = mkdtempSync(join(tmpdir(), 'nodectl-fleet-'));
  readonly contextsFile = join(this.folder, 'config.yaml');
  /** Every call: "node method". */
  readonly calls: string[] = [];
  /** Channels that are open now, and how many were at most. */
  open = 0;
  mostOpen = 0;
  readonly #nodes: Readonly<Record<string, FakeNode>>;

  constructor(nodes: Readonly<Record<string, FakeNode>>) {
    this.#nodes = nodes;
    writeFileSync(join(this.folder, 'root.crt'), FAKE_CREDENTIAL);
    writeFileSync(join(this.folder, 'me.pem'), FAKE_CREDENTIAL, { mode: 0o600 });
    const listed = Object.entries(nodes).map(([name, { labels = {}, addresses }], index) => ({
      name,
      addresses: addresses ?? [`10.0.0.${index + 1}:7443`],
      labels,
    }));
    const fleet = { trust: 'root.crt', credential: 'me.pem', issuer: 'pki.example:7445', nodes: listed };
    writeFileSync(this.contextsFile, JSON.stringify({ current: 'fleet', contexts: { fleet } }), {
      mode: 0o600,
    });
  }

  /** The environment that leads to the contexts file. */
  get env(): Record<string, string> {
    return { NODECTL_CONFIG: this.contextsFile };
  }

  readonly connect: OpenChannel = async (target, signal) => {
    const node = this.#nodes[target.expect.name ?? ''];
    if (!node) throw new Failure('WRONG_NODE', `nobody of that name answers at ${target.address}`);
    if (node.unreachable) throw node.unreachable;
    if (node.hangs) await aborted(signal);
    if (node.delayMs) await new Promise((resolve) => setTimeout(resolve, node.delayMs));
    this.open++;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    return this.#channel(target, node);
  };

  /** Takes the folder away. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #channel(target: ChannelTarget, node: FakeNode): Channel {
    const answer = async (method: string, request: unknown) => {
      this.calls.push(`${target.expect.name ?? target.address} ${method.replace(/^.*\//, '')}`);
      await new Promise((resolve) => setImmediate(resolve));
      const make = node.answers?.[method.replace(/^.*\//, '')];
      if (!make) throw new Failure('UNKNOWN_METHOD', `${target.address} does not know ${method}`);
      return make(request as Record<string, unknown>);
    };
    let closed = false;
    return {
      unary: ((method: string, request: unknown) => answer(method, request)) as Channel['unary'],
      serverStream: async function* (method: string, request: unknown) {
        yield* (await answer(method, request)) as Iterable<unknown>;
      } as Channel['serverStream'],
      bidiStream: ((method: string) => {
        throw new Failure('UNKNOWN_METHOD', `${target.address} does not know ${method}`);
      }) as Channel['bidiStream'],
      serverStreamBytes: async function* () {
        yield* [] as Buffer[];
      },
      close: () => {
        if (!closed) this.open--;
        closed = true;
      },
    };
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Failure('CANCELLED', 'cancelled'));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** What GetNode answers for a node. */
export function nodeAnswer(node: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    node,
    hostname: node,
    kernel: '6.12.9-amd64',
    kernelBuild: '#1 SMP Debian 6.12.9-1',
    machine: 'x86_64',
    os: 'Debian GNU/Linux 13 (trixie)',
    uptimeSeconds: 93_784,
    bootId: '0c8a2c4e6f1b4d4e9a390b1c2d3e4f50',
    machineId: 'a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3',
    labels: {},
    agentVersion: '0.1.0',
    nowUsec: 1_800_000_000_000_000,
    certificateNotAfter: 4_000_000_000,
    capabilities: ['journal'],
    warnings: [],
    ...more,
  };
}

/** What GetVersion answers. */
export function versionAnswer(node: string): Record<string, unknown> {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  return {
    node,
    version: '0.1.0',
    commit,
    runtime: 'node 26.10.0',
    kernel: '6.12.9-amd64',
    machine: 'x86_64',
    release: '',
    releaseOnTrial: false,
  };
}
