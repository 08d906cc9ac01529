/**
 * Real chronyd processes on loopback, which never touch this machine's clock (-x): each has a folder, a command socket and
 * high ports of its own, and is ended by its process id.
 */

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Why there can be no chronyd here, or undefined where there can. */
export function noChronyd(): string | undefined {
  if (process.getuid?.() !== 0) return 'chronyd is started as root';
  const runs = (program: string) => spawnSync(program, ['--version'], { env: { PATH } }).status === 0;
  return runs('chronyd') && runs('chronyc') ? undefined : 'chrony is not installed';
}

/** A UDP port of loopback that is free now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** A running chronyd. */
export class Chronyd {
  /** Its command socket, for `chronyc -h`. */
  readonly socket: string;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(folder: string, child: ChildProcess) {
    this.#folder = folder;
    this.#child = child;
    this.socket = join(folder, 'chronyd.sock');
  }

  /** Starts one with these lines of configuration, and waits until it answers. @throws where it does not */
  static async start(configuration: readonly string[]): Promise<Chronyd> {
    const folder = mkdtempSync(join(tmpdir(), 'nodectl-chronyd-'));
    chmodSync(folder, 0o750);
    const file = join(folder, 'chrony.conf');
    writeFileSync(
      file,
      [
        ...configuration,
        ...['cmdport 0', `bindcmdaddress ${join(folder, 'chronyd.sock')}`],
        ...[`pidfile ${join(folder, 'chronyd.pid')}`, ''],
      ].join('\n'),
    );
    const child = spawn('chronyd', ['-x', '-d', '-u', 'root', '-f', file], {
      env: { PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    const daemon = new Chronyd(folder, child);
    for (let tries = 0; tries < 100; tries++) {
      if (child.exitCode !== null) break;
      if ((await daemon.chronyc(['-c', 'activity'])).code === 0) return daemon;
      await sleep(50);
    }
    await daemon.stop();
    throw new Error(`chronyd does not answer: ${log}`);
  }

  /** A server of time that is its own source, and the port that it answers on at an address of loopback. */
  static async server(
    address = '127.0.0.1',
    more: readonly string[] = [],
  ): Promise<{ daemon: Chronyd; port: number }> {
    const port = await freeUdpPort();
    const daemon = await Chronyd.start([
      ...[`port ${port}`, `bindaddress ${address}`, 'allow 127.0.0.0/8', 'local stratum 3'],
      ...more,
    ]);
    return { daemon, port };
  }

  /** What chronyc prints about it, and its exit status. */
  chronyc(args: readonly string[]): Promise<{ code: number; stdout: string }> {
    return new Promise((resolve) => {
      execFile('chronyc', ['-h', this.socket, ...args], { env: { PATH } }, (error, stdout) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout }),
      );
    });
  }

  /** Asks again until a report is as it is waited for, and gives it. @throws where it does not become so within 30 s */
  async report<T>(
    args: readonly string[],
    parse: (text: string) => T,
    ready: (report: T) => boolean,
  ): Promise<T> {
    for (let tries = 0; ; tries++) {
      const { stdout } = await this.chronyc(args);
      const report = parse(stdout);
      if (ready(report)) return report;
      if (tries === 300) throw new Error(`chronyc ${args.join(' ')} stays at ${stdout}`);
      await sleep(100);
    }
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'close');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
