/** Agents as processes behind breakable connections, with a contexts file for the command line. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { PROGRAM } from './agent-fleet.ts';
import { type TestPki, testPki } from './pki.ts';

/** A TCP relay whose connections can be cut. */
class Relay {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  /** Where connections go; refused while undefined. */
  target: number | undefined;

  constructor() {
    this.#server = createServer((near) => {
      if (this.target === undefined) {
        near.resetAndDestroy();
        return;
      }
      const far = connect(this.target, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#open.add(one);
        one.pipe(other);
        one.on('error', () => {});
        one.once('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
      }
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as { port: number }).port;
  }

  /** Resets every connection. */
  cut(): void {
    // Only an open connection can be reset.
    for (const socket of this.#open) {
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

/** One node of the fleet. */
export class LogNode {
  readonly name: string;
  readonly #args: readonly string[];
  readonly #relay = new Relay();
  #process: ChildProcess | undefined;

  /** `args` is the agent's command line. */
  constructor(name: string, args: readonly string[]) {
    this.name = name;
    this.#args = args;
  }

  /** Starts the relay and the agent; gives the address to call. */
  async start(): Promise<string> {
    const port = await this.#relay.listen();
    await this.startAgent();
    return `127.0.0.1:${port}`;
  }

  /** Starts the agent's process and waits until it serves. */
  async startAgent(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, ...this.#args], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    this.#relay.target = await new Promise<number>((resolve, reject) => {
      let log = '';
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        const port = /"addresses":\["127\.0\.0\.1:(\d+)"\].*"msg":"serving"/.exec(log)?.[1];
        if (port) resolve(Number(port));
      });
      child.once('exit', () => reject(new Error(`the agent ended before it served:\n${log}`)));
    });
  }

  /** Ends the agent's process with a signal and waits until it is gone. */
  async killAgent(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    this.#relay.target = undefined;
  }

  /** Cuts the connections and leaves the agent alone. */
  cut(): void {
    this.#relay.cut();
  }

  async stop(): Promise<void> {
    this.#relay.close();
    await this.killAgent('SIGKILL');
  }
}

/** Some nodes, their PKI and the contexts file that names them. */
export class LogFleet {
  readonly pki: TestPki = testPki();
  readonly nodes: LogNode[] = [];
  /** The contexts file. */
  readonly config = join(this.pki.folder, 'config.yaml');

  /** Starts a node for each name, each with the log file of that name. */
  async start(files: Readonly<Record<string, { name: string; path: string }>>): Promise<void> {
    const lines: string[] = [];
    for (const [name, file] of Object.entries(files)) {
      const state = join(this.pki.folder, name);
      mkdirSync(state);
      const { key, chain } = await this.pki.node(name);
      writeFileSync(join(state, 'node.pem'), key + chain, { mode: 0o600 });
      writeFileSync(join(state, 'trust.pem'), this.pki.trust);
      const node = new LogNode(name, [
        ...['--state', state, '--listen', '127.0.0.1:0'],
        ...['--journal', 'none', '--log-file', `${file.name}=${file.path}`],
      ]);
      this.nodes.push(node);
      lines.push(`      - { name: ${name}, addresses: ["${await node.start()}"] }`);
    }
    const { key, chain } = await this.pki.operator('alice', 'reader');
    writeFileSync(join(this.pki.folder, 'root.pem'), this.pki.trust);
    writeFileSync(join(this.pki.folder, 'alice.pem'), key + chain, { mode: 0o600 });
    const head =
      'current: test\ncontexts:\n  test:\n    trust: root.pem\n    credential: alice.pem\n    nodes:\n';
    writeFileSync(this.config, `${head}${lines.join('\n')}\n`, { mode: 0o600 });
  }

  /** Starts the command line as a process of its own. */
  nodectl(
    argv: readonly string[],
  ): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
    const program = join(import.meta.dirname, '..', '..', 'cli', 'nodectl.ts');
    const child = spawn(process.execPath, [program, ...argv], {
      env: { ...process.env, NODECTL_CONFIG: this.config, NO_COLOR: '1', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return child as typeof child & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream };
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    this.pki.remove();
  }
}
