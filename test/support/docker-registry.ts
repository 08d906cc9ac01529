/** Debian's docker-registry as a program, with a configuration and a folder of its own, on loopback. For tests. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../bench/rig/process.ts';

const PROGRAM = 'docker-registry';

/** Why no docker-registry can be started here, or undefined where one can. */
export const NO_DOCKER_REGISTRY =
  spawnSync(PROGRAM, ['--version']).status === 0 ? undefined : 'the package docker-registry is not installed';

/** How a registry is set up. */
export interface DockerRegistryOptions {
  /** Lines of htpasswd (bcrypt): then it wants a login. */
  readonly htpasswd?: string;
  /** Paths of certificate and key: then it speaks TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** A registry that runs. */
export interface DockerRegistry {
  /** HOST:PORT. */
  readonly host: string;
  readonly folder: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a registry and waits until it answers. Throws with its log where it does not. */
export async function startDockerRegistry({
  htpasswd,
  tls,
}: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-registry-'));
  const port = await freePort();
  if (htpasswd) writeFileSync(join(folder, 'htpasswd'), htpasswd);
  const config = {
    version: '0.1',
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: 'of the test',
      ...(tls ? { tls: { certificate: tls.certificate, key: tls.key } } : {}),
    },
    ...(htpasswd ? { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } } : {}),
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn(PROGRAM, ['serve', join(folder, 'config.yml')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      log = `${log}${bytes}`.slice(-20_000);
    });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; !(await isOpen(port)); attempt++) {
    if (attempt > 1_200 || child.exitCode !== null) {
      await stop();
      throw new Error(`docker-registry does not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { host: `127.0.0.1:${port}`, folder, stop };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}
