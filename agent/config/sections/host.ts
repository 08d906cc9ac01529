/** Sections about the machine itself: hostname, time, kernel, certificates. */

import type { Document } from '../../../proto/config/document.ts';
import { line } from '../../host/machine.ts';
import { managedFile } from '../managed-file.ts';
import type { Activation, ConfigHost, Resource } from '../resource.ts';
import { restartUnit, runProgram } from '../systemd.ts';
import { commandLineResources } from './command-line.ts';

const MADE = '# Made by nodectl from the config document of this node; changes are reported as drift.\n';

/** The resources of "hostname". */
export function hostnameResources({ hostname }: Document): Resource[] {
  if (hostname === undefined) return [];
  return [
    managedFile({ path: '/etc/hostname', content: Buffer.from(`${hostname}\n`) }),
    inPlace({ id: 'hostname/kernel', path: '/proc/sys/kernel/hostname', value: hostname }),
  ];
}

/** Where chrony reads its configuration: Debian's place, else that of the others. */
const CHRONY_PLACES = ['/etc/chrony/chrony.conf', '/etc/chrony.conf'] as const;

/** The resources of "time". */
export function timeResources({ time }: Document, has: (path: string) => boolean): Resource[] {
  if (!time) return [];
  const { servers, pools, makeStep, rtcSync, timezone } = time;
  const resources: Resource[] = [];
  if (servers ?? pools ?? makeStep ?? rtcSync) {
    const source = (word: string) => (one: NonNullable<typeof servers>[number]) =>
      [
        `${word} ${one.address}`,
        ...(one.iburst === false ? [] : ['iburst']),
        ...(one.minPoll === undefined ? [] : [`minpoll ${one.minPoll}`]),
        ...(one.maxPoll === undefined ? [] : [`maxpoll ${one.maxPoll}`]),
        ...(one.prefer ? ['prefer'] : []),
        ...(one.nts ? ['nts'] : []),
      ].join(' ');
    const { thresholdSeconds = 1, limit = 3 } = makeStep ?? {};
    const text = [
      ...(servers ?? []).map(source('server')),
      ...(pools ?? []).map(source('pool')),
      'driftfile /var/lib/chrony/chrony.drift',
      'ntsdumpdir /var/lib/chrony',
      `makestep ${thresholdSeconds} ${limit}`,
      ...(rtcSync === false ? [] : ['rtcsync']),
      'leapsectz right/UTC',
      '',
    ].join('\n');
    const [debian, other] = CHRONY_PLACES;
    const path = !has(debian) && has(other) ? other : debian;
    const unit = path === debian ? 'chrony.service' : 'chronyd.service';
    resources.push(managedFile({ path, content: Buffer.from(MADE + text), activates: [restartUnit(unit)] }));
  }
  if (timezone !== undefined)
    resources.push(linkResource('/etc/localtime', `/usr/share/zoneinfo/${timezone}`));
  return resources;
}

/** A name of sysctl as a path below /proc/sys: the separator that comes first is the one that separates (sysctl.d(5)). */
export function sysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === '/' ? name : name.replace(/[./]/g, (one) => (one === '.' ? '/' : '.'));
}

/** The resources of "kernel". */
export function kernelResources({ kernel }: Document, has: (path: string) => boolean): Resource[] {
  const { modules = {}, sysctls = {}, commandLine } = kernel ?? {};
  const resources: Resource[] = [];
  const rows = Object.entries(sysctls).sort(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length > 0) {
    const text = rows.map(([name, value]) => `${name} = ${value}\n`).join('');
    resources.push(managedFile({ path: '/etc/sysctl.d/90-nodectl.conf', content: Buffer.from(MADE + text) }));
  }
  for (const [name, value] of rows)
    resources.push(
      inPlace({ id: `sysctl/${name}`, path: `/proc/sys/${sysctlPath(name)}`, value, after: ['module/'] }),
    );
  const named = Object.entries(modules).sort(([a], [b]) => (a < b ? -1 : 1));
  const loaded = named.filter(([, { load, blocked }]) => load ?? !blocked).map(([name]) => name);
  if (loaded.length > 0)
    resources.push(
      managedFile({
        path: '/etc/modules-load.d/90-nodectl.conf',
        content: Buffer.from(MADE + loaded.map((name) => `${name}\n`).join('')),
      }),
    );
  const rules = named.flatMap(([name, { options, blocked }]) => [
    ...(options === undefined ? [] : [`options ${name} ${options}\n`]),
    // "blacklist" alone keeps a module from being found by its hardware; "install" keeps everybody from loading it.
    ...(blocked ? [`blacklist ${name}\n`, `install ${name} /bin/false\n`] : []),
  ]);
  if (rules.length > 0)
    resources.push(
      managedFile({ path: '/etc/modprobe.d/90-nodectl.conf', content: Buffer.from(MADE + rules.join('')) }),
    );
  resources.push(...loaded.map(moduleResource));
  if (commandLine !== undefined) resources.push(...commandLineResources(commandLine, has, MADE));
  return resources;
}

/** The resources of "certificates". */
export function certificateResources({ certificates }: Document): Resource[] {
  const update = runProgram('certificates/update', 45, 'update-ca-certificates', []);
  return Object.entries(certificates?.trusted ?? {}).map(([name, pem]) =>
    managedFile({
      path: `/usr/local/share/ca-certificates/nodectl-${name.replace(/\.crt$/, '')}.crt`,
      content: Buffer.from(pem),
      activates: [update],
    }),
  );
}

/** A file of the kernel that takes a value and gives it back. */
function inPlace(wanted: { id: string; path: string; value: string; after?: readonly string[] }): Resource {
  const { id, path, value } = wanted;
  // The kernel separates lists by tabs, people by blanks.
  const plain = (text: string) => text.trim().split(/\s+/).join(' ');
  const set = ({ files }: ConfigHost, text: string) => files.setInPlace(path, `${text}\n`);
  return {
    ...{ id, after: wanted.after ?? [], effect: 'live', risksConnection: false, activates: [] },
    observe: async ({ machine }) => line(machine, path.slice(1)) ?? null,
    compare: (snapshot) => {
      const is = typeof snapshot === 'string' ? plain(snapshot) : undefined;
      return is === plain(value) ? [] : [{ field: 'value', from: is ?? 'not there', to: plain(value) }];
    },
    apply: async (host) => set(host, value),
    restore: async (host, snapshot) => {
      if (typeof snapshot === 'string') set(host, snapshot);
    },
  };
}

function linkResource(path: string, target: string): Resource {
  return {
    ...{ id: `file/${path}`, after: [], effect: 'live', risksConnection: false, activates: [] },
    observe: async ({ files }) => {
      const state = files.state(path);
      return state.kind === 'file' ? { ...state, content: state.content.toString('base64') } : state;
    },
    compare: (snapshot) => {
      const is = snapshot as { kind: string; target?: string };
      const from = is.kind === 'link' ? (is.target ?? '') : is.kind;
      // Distributions write the same link relative to /etc.
      return is.kind === 'link' && from.replace(/^(\.\.)?(?=\/)/, '') === target
        ? []
        : [{ field: 'target', from, to: target }];
    },
    apply: async ({ files }) => files.set(path, { kind: 'link', target }),
    restore: async ({ files }, snapshot) => {
      const is = snapshot as
        | { kind: 'file'; content: string; mode: number; uid: number; gid: number }
        | { kind: 'link'; target: string }
        | { kind: 'absent' };
      files.set(path, is.kind === 'file' ? { ...is, content: Buffer.from(is.content, 'base64') } : is);
    },
  };
}

const MODPROBE_MS = 30_000;

function moduleResource(name: string): Resource {
  const entry = `sys/module/${name.replaceAll('-', '_')}`;
  const load: Activation = runProgram(`module/${name}/load`, 30, 'modprobe', ['--', name]);
  return {
    ...{
      id: `module/${name}`,
      after: ['file//etc/modprobe.d/90-nodectl.conf'],
      effect: 'live',
      risksConnection: false,
      activates: [],
    },
    observe: async ({ machine }) => machine.has(entry),
    compare: (snapshot) => (snapshot ? [] : [{ field: 'loaded', from: 'no', to: 'yes' }]),
    apply: (host) => load.run(host, AbortSignal.timeout(MODPROBE_MS)),
    // What has been loaded may be in use by now, and does no harm: it stays until the next boot.
    restore: async () => undefined,
  };
}
