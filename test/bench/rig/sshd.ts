/**
 * An OpenSSH server of the bench's own: loopback only, a fresh ed25519 host key and user key, no PAM, no passwords, its
 * files in a temporary folder. It is what nodectl is measured against, and it touches neither the machine's sshd nor
 * anybody's ~/.ssh.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, onPath, waitForListener } from './process.ts';

/** A running server, and how to reach it. */
export interface Sshd {
  /** Arguments of ssh that select the server's key, port and user; the host and the command follow. */
  readonly options: readonly string[];
  readonly port: number;
  readonly keyFile: string;
  readonly user: string;
  /** Ends the server. */
  stop(): Promise<void>;
}

/** Key exchange methods that are measured: OpenSSH's default is post-quantum and slower than the classic one. */
export const CURVE25519 = ['-o', 'KexAlgorithms=curve25519-sha256'] as const;

/** What is missing for an sshd of our own, or undefined. */
export function sshdMissing(): string | undefined {
  if (!serverPath()) return 'sshd is not installed (openssh-server)';
  if (!onPath('ssh')) return 'ssh is not installed (openssh-client)';
  if (!onPath('ssh-keygen')) return 'ssh-keygen is not installed (openssh-client)';
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) return makePrivilegeFolder();
  return undefined;
}

function serverPath(): string | undefined {
  return ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));
}

/** sshd refuses to start as root without its folder for privilege separation, which a package's unit makes at boot. */
function makePrivilegeFolder(): string | undefined {
  try {
    mkdirSync('/run/sshd', { mode: 0o755 });
    return undefined;
  } catch (error) {
    return `/run/sshd cannot be made: ${(error as Error).message}`;
  }
}

/** OpenSSH's MAX_LISTEN_SOCKS. */
const ADDRESSES_A_SERVER = 16;

/** Where a server listens. */
export interface SshdPlace {
  /** So many loopback addresses beside 127.0.0.1. */
  readonly hosts?: number;
  /** Words in front of sshd that put it into another network: there it listens on all addresses. */
  readonly prefix?: readonly string[];
}

/**
 * Starts a server whose files lie in a folder, on one port. As one sshd listens on 16 addresses at most, it may be several
 * processes.
 */
export async function startSshd(folder: string, { hosts = 0, prefix = [] }: SshdPlace = {}): Promise<Sshd> {
  const keyFile = join(folder, 'user_key');
  for (const path of [join(folder, 'host_key'), keyFile])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${keyFile}.pub`), { mode: 0o600 });
  const port = await freePort();
  const addresses =
    prefix.length > 0
      ? ['0.0.0.0']
      : ['127.0.0.1', ...Array.from({ length: hosts }, (_, index) => loopbackAddress(index))];
  const servers: ChildProcess[] = [];
  for (let from = 0; from < addresses.length; from += ADDRESSES_A_SERVER)
    servers.push(await startServer(folder, addresses.slice(from, from + ADDRESSES_A_SERVER), port, prefix));
  const user = userInfo().username;
  const options = [
    ...['-F', 'none', '-i', keyFile, '-p', String(port), '-l', user],
    ...[...CLIENT_OPTIONS, 'BatchMode=yes'].flatMap((option) => ['-o', option]),
  ];
  return {
    options,
    port,
    keyFile,
    user,
    stop: async () => {
      await Promise.all(servers.map(ended));
    },
  };
}

/** What keeps ssh off the user's own settings, known hosts and shared connections. */
export const CLIENT_OPTIONS = [
  'IdentitiesOnly=yes',
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  'LogLevel=ERROR',
  'ControlMaster=no',
  'ControlPath=none',
] as const;

async function startServer(
  folder: string,
  addresses: readonly string[],
  port: number,
  prefix: readonly string[],
): Promise<ChildProcess> {
  const server = serverPath();
  const [first] = addresses;
  if (!server || !first) throw new Error('sshd is not installed');
  const config = join(folder, `sshd_config_${first}`);
  writeFileSync(
    config,
    [
      ...addresses.map((address) => `ListenAddress ${address}:${port}`),
      `HostKey ${join(folder, 'host_key')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      'PidFile none',
      // What scp speaks.
      'Subsystem sftp internal-sftp',
      // The folder is temporary and may lie below one that others can write to.
      'StrictModes no',
      'UsePAM no',
      // The user's shell starts without the user's start-up files: what they do is not what SSH costs.
      `SetEnv HOME=${folder}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UseDNS no',
      'PrintMotd no',
      'PrintLastLog no',
      'MaxStartups 500',
      '',
    ].join('\n'),
  );
  const [program = server, ...args] = [...prefix, server, '-D', '-e', '-f', config];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-2_000);
  });
  await waitForListener(child.pid ?? 0, port, () =>
    child.exitCode === null ? undefined : `sshd ended: ${log}`,
  );
  return child;
}

/** The n-th of the addresses that stand for many hosts; all of them are this machine. */
export function loopbackAddress(index: number): string {
  return `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
