/** A hub (an agent that is the issuer) and agents that enrol with it, each a process of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../proto/call/channel.ts';
import { openChannel } from '../../proto/call/open.ts';
import { type TestCredential, type TestPki, testPki } from './pki.ts';

/** The agent's program. */
export const PROGRAM = join(import.meta.dirname, '..', '..', 'agent', 'main.ts');

/** An agent as a process. */
export interface Running {
  child: ChildProcess;
  /** Lines of its log. */
  lines: Record<string, unknown>[];
  text: () => string;
  /** The first log line with a message. */
  line(message: string): Promise<Record<string, unknown>>;
  stop(): Promise<number | null>;
}

/** What an agent runs with beside its arguments. */
export interface RunWith {
  env?: Record<string, string>;
  /** Whether it keeps a history. */
  history?: boolean;
  /** What starts it in place of the source; see makeBuild() of agent-release.ts. */
  launcher?: string;
}

/** A fleet of processes with a hub that issues their certificates. */
export class AgentFleet {
  readonly pki: TestPki;
  readonly admin: TestCredential;
  enrolment = '';
  hubAddress = '';
  readonly #running: Running[] = [];

  private constructor(pki: TestPki, admin: TestCredential) {
    this.pki = pki;
    this.admin = admin;
  }

  /** Starts a hub. */
  static async start(): Promise<AgentFleet> {
    const pki = testPki();
    const fleet = new AgentFleet(pki, await pki.operator('alice', 'admin'));
    const hub = fleet.run('hub', [
      ...['--name', 'hub', '--issuer-authority', join(pki.folder, 'pki')],
      ...['--enrolment-listen', '127.0.0.1:0', '--listen', '127.0.0.1:0'],
    ]);
    const serving = await hub.line('serving');
    fleet.hubAddress = (serving.addresses as string[])[0] ?? '';
    fleet.enrolment = String(serving.enrolment);
    return fleet;
  }

  /** Ends what still runs, and removes everything. */
  async stop(): Promise<void> {
    for (const { child } of this.#running)
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
    this.pki.remove();
  }

  /** Starts an agent with a state folder named after it. */
  run(name: string, args: string[], { env = {}, history = false, launcher }: RunWith = {}): Running {
    const state = join(this.pki.folder, name);
    const all = ['--state', state, ...(history ? [] : ['--no-history']), ...args];
    const [program, ...before] = launcher === undefined ? [process.execPath, PROGRAM] : [launcher];
    const child = spawn(program, [...before, ...all], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    });
    let text = '';
    const lines: Record<string, unknown>[] = [];
    const waiting = new Set<() => void>();
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const whole = text.split('\n').slice(0, -1);
      for (const one of whole.slice(lines.length))
        lines.push(one.startsWith('{') ? JSON.parse(one) : { msg: one });
      for (const wake of waiting) wake();
    });
    child.on('close', () => {
      for (const wake of waiting) wake();
    });
    const one: Running = {
      ...{ child, lines, text: () => text },
      line: (message) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const found = lines.find(({ msg }) => msg === message);
            if (found) resolve(found);
            else if (child.exitCode !== null || child.signalCode !== null)
              reject(new Error(`ended before "${message}":\n${text}`));
            else return;
            waiting.delete(look);
          };
          waiting.add(look);
          look();
        }),
      stop: async () => {
        child.kill('SIGTERM');
        if (child.exitCode === null) await once(child, 'close');
        return child.exitCode;
      },
    };
    this.#running.push(one);
    return one;
  }

  /** A channel of the admin to an agent. */
  open(address: string, name: string): Promise<Channel> {
    return openChannel({
      ...{ address, expect: { kind: 'node', name }, trust: this.pki.trust, credential: this.admin },
    });
  }

  /** An enrolment token for a node. */
  async token(node: string): Promise<string> {
    const channel = await this.open(this.hubAddress, 'hub');
    const made = await channel.unary('nodectl.v1.IssuerService/CreateToken', { node });
    channel.close();
    return made.token;
  }

  /** An agent that enrols with the hub, and its address. */
  async enrolled(name: string, args: string[] = [], more: RunWith = {}) {
    const file = join(this.pki.folder, `${name}.token`);
    writeFileSync(file, `${await this.token(name)}\n`);
    const enrolment = ['--issuer', this.enrolment, '--token-file', file];
    const agent = this.run(name, ['--listen', '127.0.0.1:0', ...enrolment, ...args], more);
    const serving = await agent.line('serving');
    return { agent, address: (serving.addresses as string[])[0] ?? '' };
  }

  /** What an agent says of its node. */
  async node(address: string, name: string) {
    const channel = await this.open(address, name);
    try {
      return await channel.unary('nodectl.v1.SystemService/GetNode', {});
    } finally {
      channel.close();
    }
  }
}
