/**
 * A fleet on loopback: a PKI of its own, an issuer, and nodes that enrol with tokens as real ones do. The nodes run the
 * agent's code and read this machine's kernel log and log files; nothing needs root.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type AgentSettings, defaultSettings } from '../../agent/settings/settings.ts';
import { contextsPath, readContexts } from '../../cli/context/contexts.ts';
import { addContext, removeContext } from '../../cli/context/edit.ts';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { Issuer } from '../../pki/issuer/issuer.ts';
import { denylistOf } from '../../pki/issuer/live-denylist.ts';
import { auditFolderOf, type IssuerServer, startIssuer } from '../../pki/issuer/server.ts';
import { initStore, type Store } from '../../pki/store.ts';
import { Failure } from '../../proto/failure.ts';
import { labNodes, realInput } from './nodes.ts';
import { type LabState, processStart, readState, removeFolder, writeState } from './state.ts';
import type { NodeOrder, WorkerOrder, WorkerReport } from './worker.ts';

/** What a lab is asked to be. */
export interface LabOptions {
  folder: string;
  nodes: number;
  /** The contexts file that the context is added to; by default the user's own. */
  contextsFile?: string;
  context?: string;
  /** Told of each step. */
  progress?: (text: string) => void;
}

/** Nodes that a process of their own each is affordable for. */
const SEPARATE_UP_TO = 4;
/**
 * V8's flags for a process of many nodes. Their garbage is all of theirs together, and its collector goes through the objects of all of them,
 * which no node does: with the usual room for what is young that is a fifth of what a connection costs.
 */
const SHARED_HEAP = ['--min-semi-space-size=64', '--max-semi-space-size=64'];
const OPERATOR_LIFE_MS = 30 * 24 * 3_600_000;
const STOP_MS = 15_000;

/** A running lab. */
export class Lab {
  readonly folder: string;
  readonly contextsFile: string;
  readonly context: string;
  /** Where each node serves, by name. */
  readonly addresses = new Map<string, string>();
  readonly #workers: ChildProcess[] = [];
  #issuer: Issuer | undefined;
  #issuerServer: IssuerServer | undefined;
  #state: LabState | undefined;

  private constructor(options: LabOptions) {
    this.folder = options.folder;
    this.contextsFile = options.contextsFile ?? contextsPath(undefined, process.env);
    this.context = options.context ?? 'lab';
  }

  /** Starts a lab; when it fails, what was started is stopped again. */
  static async start(options: LabOptions): Promise<Lab> {
    const lab = new Lab(options);
    try {
      await lab.#start(options);
      return lab;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  async #start({ nodes: count, progress = () => {} }: LabOptions): Promise<void> {
    const input = realInput();
    const file = await readContexts(this.contextsFile);
    this.#save(count, file.current === this.context ? '' : file.current, input.leftOut);
    progress(
      'A PKI: a root, whose key stays on this machine as no real one should, an authority for nodes, one for operators.',
    );
    const store = initStore(join(this.folder, 'pki'), { plain: true });
    const log = pino(
      { base: null },
      pino.destination({ dest: join(this.folder, 'issuer.log'), sync: false }),
    );
    const loopback = { host: '127.0.0.1', port: 0 };
    const stateFolder = join(this.folder, 'issuer');
    const issuer = new Issuer({ authorityFolder: store.folder, stateFolder });
    this.#issuer = issuer;
    const server = await startIssuer({
      issuer,
      name: 'lab-issuer',
      listen: loopback,
      enrolmentListen: loopback,
      renewalAddress: (port) => `127.0.0.1:${port}`,
      auditFolder: auditFolderOf(stateFolder),
      denylist: denylistOf(stateFolder),
      log,
    });
    this.#issuerServer = server;
    const nodes = labNodes(count);
    progress(`${count} nodes enrol, each with a token that works once.`);
    const orders = nodes.map(({ name, labels, server: simulated }): NodeOrder => {
      const { token } = issuer.createToken(name, 3_600_000);
      const config: AgentSettings = {
        ...defaultSettings(),
        name,
        labels,
        listen: ['127.0.0.1:0'],
        state: join(this.folder, 'nodes', name),
        enrolment: { issuer: `127.0.0.1:${server.enrolmentPort}`, token },
        logs: { files: input.files },
        history: {
          ...defaultSettings().history,
          everySeconds: Math.min(60, Math.max(5, Math.ceil(count / 4))),
        },
        logLevel: 'warn',
      };
      return { config, server: simulated };
    });
    await this.#spread(orders);
    await this.#addContext(store, nodes);
    this.#save(count, this.#state?.previousContext ?? '', input.leftOut, true);
  }

  /** Starts workers, each with its share of the nodes, and waits until all serve. */
  async #spread(orders: NodeOrder[]): Promise<void> {
    mkdirSync(join(this.folder, 'nodes'), { recursive: true, mode: 0o700 });
    // Whoever puts a public key there has the nodes take images that are signed by it.
    mkdirSync(join(this.folder, 'upgrade-keys'), { recursive: true, mode: 0o700 });
    const count = orders.length <= SEPARATE_UP_TO ? orders.length : Math.max(2, availableParallelism());
    const shares = Array.from({ length: count }, (_, index) =>
      orders.filter((_, at) => at % count === index),
    );
    await Promise.all(shares.map((share) => this.#startWorker(share)));
  }

  #startWorker(nodes: NodeOrder[]): Promise<void> {
    const worker = fork(join(import.meta.dirname, 'worker.ts'), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: nodes.length > 1 ? SHARED_HEAP : [],
    });
    this.#workers.push(worker);
    let left = nodes.length;
    return new Promise((resolve, reject) => {
      worker.on('message', (report: WorkerReport) => {
        if ('failed' in report)
          return reject(
            new Failure('INTERNAL', `${report.failed.name} could not be started: ${report.failed.message}`),
          );
        const { name, address } = report.ready;
        this.addresses.set(name, address);
        this.#issuer?.updateNode(name, { setLabels: {}, removeLabels: [], addresses: [address] });
        if (--left === 0) resolve();
      });
      worker.once('error', reject);
      worker.once('exit', (code, signal) =>
        reject(new Failure('INTERNAL', `a process of the lab ended early (${signal ?? `status ${code}`})`)),
      );
      worker.send({
        nodes,
        logFile: join(this.folder, 'agents.log'),
        keys: join(this.folder, 'upgrade-keys'),
      } satisfies WorkerOrder);
    });
  }

  async #addContext(store: Store, nodes: ReturnType<typeof labNodes>): Promise<void> {
    const credentials = await Promise.all(
      (['admin', 'operator', 'reader'] as const).map(async (role) => {
        const path = join(this.folder, `lab-${role}.pem`);
        const { pem } = await store.issueOperator(
          { name: `lab-${role}`, role, lifeMs: OPERATOR_LIFE_MS },
          () => '',
        );
        writeFileAtomic(path, pem);
        return path;
      }),
    );
    const context = {
      trust: join(store.folder, 'root.crt'),
      credential: credentials[0] ?? '',
      issuer: `127.0.0.1:${this.#issuerServer?.port}`,
      nodes: nodes.map(({ name, labels }) => ({ name, addresses: [this.addresses.get(name) ?? ''], labels })),
    };
    await addContext(this.contextsFile, this.context, context, { use: true, replace: true });
  }

  #save(nodes: number, previousContext: string, leftOut: string[], ready = false): void {
    this.#state = {
      pid: process.pid,
      startedTicks: processStart(process.pid),
      ready,
      nodes,
      contextsFile: this.contextsFile,
      context: this.context,
      previousContext,
      leftOut,
    };
    writeState(this.folder, this.#state);
  }

  /** Ids of the processes that host the nodes. */
  get processes(): number[] {
    return this.#workers.flatMap(({ pid }) => pid ?? []);
  }

  /** What was left out, and why. */
  get leftOut(): readonly string[] {
    return this.#state?.leftOut ?? [];
  }

  /** Ends everything that was started, in bounded time, and takes the context and the folder away. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map(endProcess));
    await this.#issuerServer?.stop();
    this.#issuer?.close();
    await cleanUp(this.folder);
  }
}

async function endProcess(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.removeAllListeners('exit');
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  const timer = setTimeout(() => worker.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** Takes away the context and the folder that a lab left behind; also for one that was killed. */
export async function cleanUp(folder: string): Promise<void> {
  const state = readState(folder);
  if (!state) return;
  await removeContext(state.contextsFile, state.context, state.previousContext).catch(() => false);
  removeFolder(folder);
}
