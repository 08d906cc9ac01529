/** What the benchmarks share: a PKI, one agent of the packaged build with a contexts file for it, an sshd, and commands. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addContext } from '../../../cli/context/edit.ts';
import { saveNodeFolder } from '../../../pki/pair-file.ts';
import { initStore, type Store } from '../../../pki/store.ts';
import type { Channel } from '../../../proto/call/channel.ts';
import { openChannel } from '../../../proto/call/open.ts';
import { cleanEnvironment } from './environment.ts';
import type { Command } from './measure.ts';
import { freePort, waitForListener } from './process.ts';
import { type Sshd, startSshd } from './sshd.ts';

/** How the rig is set up. */
export interface RigOptions {
  /** Little data and few rounds: shows that it runs. */
  quick: boolean;
  /** The folder that `npm run build` has made. */
  dist: string;
}

/** An agent in a process of its own. */
export interface BenchAgent {
  pid: number;
  address: string;
  port: number;
  stop(): Promise<void>;
}

/** Where an agent runs, and what it finds there. */
export interface AgentPlace {
  /** Words in front of the agent that put it into another network: there it listens on all addresses. */
  prefix?: readonly string[];
  /** Its address, as the operator has it. Default 127.0.0.1. */
  host?: string;
  /** Called with the agent's state folder before it starts. */
  prepare?: (state: string) => void;
}

/** How many loopback addresses stand for hosts where many are reached by SSH. */
export const SSH_HOSTS = 200;
const LIFE_MS = 30 * 24 * 3_600_000;
/** The one node that the rig's context has. */
export const NODE = 'bench-1';

/** Starts what benchmarks ask for, once, and stops it all at the end. */
export class Rig {
  readonly quick: boolean;
  /** The packaged command line. */
  readonly nodectl: string;
  readonly dist: string;
  /** A folder for whatever a benchmark needs; it is removed at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), 'nodectl-bench-'));
  readonly #ending: (() => Promise<void>)[] = [];
  #store: Store | undefined;
  #sshd: Promise<Sshd> | undefined;
  #agent: Promise<BenchAgent> | undefined;
  #agents = 0;

  constructor({ quick, dist }: RigOptions) {
    this.quick = quick;
    this.dist = dist;
    this.nodectl = join(dist, 'nodectl');
  }

  /** A number of rounds or records: a small one in a quick run. */
  amount(full: number, quick: number): number {
    return this.quick ? quick : full;
  }

  /** Paths of the PEM files of the operator that the rig calls as. */
  get credential(): { root: string; chain: string; key: string } {
    const file = (name: string) => join(this.folder, name);
    return { root: file('pki/root.crt'), chain: file('operator.chain.pem'), key: file('operator.key.pem') };
  }

  /** The sshd, on 127.0.0.1 and on SSH_HOSTS further loopback addresses. */
  sshd(): Promise<Sshd> {
    this.#sshd ??= this.#startSshd();
    return this.#sshd;
  }

  /** The agent that NODE names. */
  agent(): Promise<BenchAgent> {
    this.#agent ??= this.startAgent(NODE);
    return this.#agent;
  }

  /** A connection to an agent that the rig has started, as its operator; the caller closes it. */
  open(name: string, address: string): Promise<Channel> {
    const { root, chain, key } = this.credential;
    return openChannel({
      address,
      expect: { kind: 'node', name },
      trust: readFileSync(root, 'utf8'),
      credential: { chain: readFileSync(chain, 'utf8'), key: readFileSync(key, 'utf8') },
    });
  }

  /** A command of nodectl with the rig's context. */
  command(args: readonly string[], extra: Partial<Command> = {}): Command {
    return {
      program: this.nodectl,
      args,
      env: { NODECTL_CONFIG: join(this.folder, 'config.yaml') },
      ...extra,
    };
  }

  /** Starts a packaged agent and puts it into the rig's context. */
  async startAgent(
    name: string,
    flags: readonly string[] = [],
    { prefix = [], host = '127.0.0.1', prepare }: AgentPlace = {},
  ): Promise<BenchAgent> {
    const store = await this.#pki();
    const state = join(this.folder, `agent-${this.#agents++}`);
    mkdirSync(state, { mode: 0o700 });
    const { key, chain } = split((await store.issueNode(name, LIFE_MS)).pem);
    saveNodeFolder(state, key, chain, store.trust());
    prepare?.(state);
    const port = await freePort();
    const address = `${host}:${port}`;
    const listen = prefix.length > 0 ? `0.0.0.0:${port}` : address;
    const [program = '', ...args] = [
      ...[...prefix, join(this.dist, 'nodectl-agent'), '--state', state],
      ...['--listen', listen, '--log-level', 'warn', ...flags],
    ];
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: cleanEnvironment() });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-2_000);
    });
    const stop = () => ended(child);
    this.#ending.push(stop);
    await waitForListener(child.pid ?? 0, port, () =>
      child.exitCode === null ? undefined : `the agent ended: ${stderr}`,
    );
    await addContext(
      join(this.folder, 'config.yaml'),
      'bench',
      {
        trust: this.credential.root,
        credential: join(this.folder, 'operator.pem'),
        issuer: '',
        nodes: [{ name, addresses: [address], labels: {} }],
      },
      { use: true, replace: true },
    );
    return { pid: child.pid ?? 0, address, port, stop };
  }

  /** Something to do at the end, before the folder is removed. */
  atEnd(work: () => Promise<void>): void {
    this.#ending.push(work);
  }

  /** Ends everything, the latest first, and removes the folder. */
  async stop(): Promise<void> {
    for (const end of this.#ending.reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #pki(): Promise<Store> {
    if (this.#store) return this.#store;
    const store = initStore(join(this.folder, 'pki'), { plain: true });
    this.#store = store;
    const { pem } = await store.issueOperator({ name: 'bench', role: 'admin', lifeMs: LIFE_MS }, () => '');
    const { key, chain } = split(pem);
    writeFileSync(join(this.folder, 'operator.pem'), pem, { mode: 0o600 });
    writeFileSync(this.credential.key, key, { mode: 0o600 });
    writeFileSync(this.credential.chain, chain);
    return store;
  }

  async #startSshd(): Promise<Sshd> {
    const folder = join(this.folder, 'sshd');
    mkdirSync(folder, { mode: 0o700 });
    const sshd = await startSshd(folder, { hosts: SSH_HOSTS });
    this.#ending.push(() => sshd.stop());
    return sshd;
  }
}

/** A PEM text with a key and certificates, in two. */
function split(pem: string): { key: string; chain: string } {
  const at = pem.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: pem.slice(0, at), chain: pem.slice(at) };
}

/** Ends a process that was started here. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  await end;
}
