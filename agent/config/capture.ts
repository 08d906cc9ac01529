/**
 * A document that describes a node as it stands, so that an existing fleet can be adopted: what each section would have to
 * say for a plan to find nothing to change. Secrets are never read; what cannot be described is said.
 */

import { stringify } from 'yaml';
import { API_VERSION, type Document, parseDocument } from '../../proto/config/document.ts';
import { Failure } from '../../proto/failure.ts';
import type { Machine } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';
import { accountRows, groupsOf } from './account-files.ts';
import { captureNetwork } from './capture-network.ts';

/** A document, and what it does not say of the node. */
export interface Captured {
  readonly document: Partial<Document> & Record<string, unknown>;
  /** A sentence each. */
  readonly leftOut: readonly string[];
}

const TOOL_MS = 10_000;
/** Accounts of people, as distributions number them (login.defs(5)). */
const [FIRST_UID, LAST_UID] = [1_000, 59_999];
/** Units that every system enables itself: to name them all would hide those that somebody chose. */
const USUAL_UNITS =
  /^(?:nodectl-agent|getty@|autovt@|systemd-|remote-fs\.target|dbus|e2scrub|apt-|dpkg-|fstrim|man-db|logrotate|multi-user|cryptdisks)/;

/** Describes a machine. Parts that cannot be read are left out, and said. */
export async function capture(machine: Machine): Promise<Captured> {
  const leftOut: string[] = [];
  const part = async <T>(what: string, read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Unavailable || error instanceof Failure)) throw error;
      leftOut.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  const document = withoutEmpty({
    apiVersion: API_VERSION,
    kind: 'Node',
    hostname: await part('hostname', () => machine.text('etc/hostname')?.trim().toLowerCase() || undefined),
    network: await part('network', () => captureNetwork(machine, leftOut)),
    time: await part('time', () => captureTime(machine)),
    kernel: await part('kernel', () => captureKernel(machine)),
    storage: await part('storage', () => captureMounts(machine, leftOut)),
    services: await part('services', () => captureServices(machine)),
    users: await part('users', () => captureUsers(machine)),
    ssh: await part('ssh', () => captureSsh(machine)),
  });
  return { document: valid(document, leftOut), leftOut };
}

/** The text of a captured document. */
export function capturedText({ document }: Captured): string {
  return stringify(document, { lineWidth: 0 });
}

/** Takes out sections that the schema does not take, and says so: a document that does not validate helps nobody. */
function valid(document: Record<string, unknown>, leftOut: string[]): Captured['document'] {
  for (let tries = 0; tries < 10; tries++) {
    try {
      parseDocument(JSON.stringify(document));
      return document;
    } catch (error) {
      const problem = Failure.from(error).message.split('\n')[0] ?? '';
      const section = /: ([a-z]+)(?:\.|:)/.exec(problem)?.[1];
      if (section === undefined || !(section in document)) throw error;
      leftOut.push(`${section}: ${problem.replace(/^[^ ]* /, '')}`);
      delete document[section];
    }
  }
  return document;
}

function captureTime(machine: Machine): Document['time'] {
  const text = machine.text('etc/chrony/chrony.conf') ?? machine.text('etc/chrony.conf');
  const sources = (word: string) =>
    directives(text, word).map((words) => ({
      address: words[0] ?? '',
      ...(words.includes('iburst') ? {} : { iburst: false }),
      ...(words.includes('nts') ? { nts: true } : {}),
      ...(words.includes('prefer') ? { prefer: true } : {}),
    }));
  const [servers, pools] = [sources('server'), sources('pool')];
  const [[threshold, limit] = []] = directives(text, 'makestep');
  const timezone = /zoneinfo\/(.+)$/.exec(machine.link('etc/localtime') ?? '')?.[1];
  return withoutEmpty({
    servers: servers.length > 0 ? servers : undefined,
    pools: pools.length > 0 ? pools : undefined,
    makeStep:
      threshold === undefined
        ? undefined
        : { thresholdSeconds: Number(threshold), limit: Number(limit ?? 3) },
    rtcSync: text === undefined || directives(text, 'rtcsync').length > 0 ? undefined : false,
    timezone,
  }) as Document['time'];
}

/** The words behind a directive of chrony.conf(5), for each line that has it. */
function directives(text: string | undefined, name: string): string[][] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first?.toLowerCase() === name)
    .map(([, ...words]) => words);
}

/** sysctls of the administrator's own files; what the distribution sets stays its own. */
function captureKernel(machine: Machine): Document['kernel'] {
  const sysctls: Record<string, string> = {};
  const files = ['etc/sysctl.conf', ...machine.list('etc/sysctl.d').map((name) => `etc/sysctl.d/${name}`)];
  for (const file of files)
    for (const line of (machine.text(file) ?? '').split('\n')) {
      const [, name = '', value = ''] = /^\s*-?([a-z][A-Za-z0-9_./-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (name !== '') sysctls[name] = value;
    }
  const modules: Record<string, object> = {};
  const lists = [
    'etc/modules',
    ...machine.list('etc/modules-load.d').map((name) => `etc/modules-load.d/${name}`),
  ];
  for (const file of lists)
    for (const line of (machine.text(file) ?? '').split('\n')) {
      const name = line.trim();
      if (/^[A-Za-z0-9_-]+$/.test(name)) modules[name] = {};
    }
  return withoutEmpty({
    sysctls: Object.keys(sysctls).length > 0 ? sysctls : undefined,
    modules: Object.keys(modules).length > 0 ? modules : undefined,
  }) as Document['kernel'];
}

/** Mounts of fstab(5) that are not the system's own. */
function captureMounts(machine: Machine, leftOut: string[]): Document['storage'] {
  const mounts: Record<string, object> = {};
  for (const line of (machine.text('etc/fstab') ?? '').split('\n')) {
    const [source = '', path = '', type = '', options = ''] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (source === '' || !path.startsWith('/') || /^\/(?:boot(?:\/efi)?|efi)?$/.test(path)) continue;
    if (options.split(',').some((one) => /pass/i.test(one)))
      leftOut.push(`storage: ${path} has a password among its options`);
    else
      mounts[path] = {
        ...{ source, type },
        options: options.split(',').filter((one) => one !== '' && one !== 'defaults'),
      };
  }
  return Object.keys(mounts).length > 0 ? ({ mounts } as Document['storage']) : undefined;
}

async function captureServices(machine: Machine): Promise<Document['services']> {
  const args = [
    'list-unit-files',
    '--no-legend',
    '--no-pager',
    '--state=enabled,masked',
    '--type=service,timer,socket',
  ];
  const { stdout } = await machine.run('systemctl', args, { timeoutMs: TOOL_MS });
  const services: Record<string, object> = {};
  for (const line of stdout.split('\n')) {
    const [name = '', state = ''] = line.trim().split(/\s+/);
    if (name === '' || name.includes('@.') || USUAL_UNITS.test(name) || SSH.test(name)) continue;
    services[name] = state === 'masked' ? { masked: true } : { enabled: true };
  }
  return Object.keys(services).length > 0 ? services : undefined;
}

const SSH = /^sshd?\.(?:service|socket)$/;

async function captureSsh(machine: Machine): Promise<Document['ssh']> {
  for (const name of ['ssh.service', 'sshd.service', 'ssh.socket']) {
    const { stdout } = await machine.run('systemctl', ['is-enabled', '--', name], { timeoutMs: TOOL_MS });
    if (stdout.trim().startsWith('enabled')) return { enabled: true };
  }
  return { enabled: false };
}

function captureUsers(machine: Machine): Document['users'] {
  const groups = accountRows(machine, 'etc/group');
  const users: Record<string, object> = {};
  for (const [name = '', , uid = '', , , home = '', shell = ''] of accountRows(machine, 'etc/passwd')) {
    if (!(Number(uid) >= FIRST_UID && Number(uid) <= LAST_UID)) continue;
    const keys = (machine.text(`${home.slice(1)}/.ssh/authorized_keys`) ?? '')
      .split('\n')
      .filter((one) => /^(?:ssh-|ecdsa-|sk-)/.test(one));
    users[name] = withoutEmpty({
      ...{ uid: Number(uid), shell, home, groups: groupsOf(groups, name) },
      sshKeys: keys.length > 0 ? keys : undefined,
    });
  }
  return Object.keys(users).length > 0 ? (users as Document['users']) : undefined;
}

function withoutEmpty(value: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(value).filter(
    ([, one]) =>
      one !== undefined && !(typeof one === 'object' && one !== null && Object.keys(one).length === 0),
  );
  return Object.fromEntries(entries);
}
