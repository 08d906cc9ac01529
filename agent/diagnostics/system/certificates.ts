/** Certificates of Kubernetes and etcd on this machine: when they end. Keys that stand in the same files are never looked at. */

import { X509Certificate } from 'node:crypto';
import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';

/** Folders of certificates, with the names in them that are in use: kubelet leaves old ones beside its current one. */
const FOLDERS: readonly (readonly [string, RegExp])[] = [
  ['var/lib/kubelet/pki', /(-current\.pem|\.crt)$/],
  ['etc/kubernetes/pki', /\.crt$/],
  ['etc/kubernetes/pki/etcd', /\.crt$/],
  ['etc/kubernetes/ssl', /\.(crt|pem)$/],
  ['etc/etcd/pki', /\.(crt|pem)$/],
  ['etc/ssl/etcd/ssl', /\.(crt|pem)$/],
  ['var/lib/rancher/k3s/agent', /\.crt$/],
  ['var/lib/rancher/k3s/server/tls', /\.crt$/],
  ['var/lib/rancher/k3s/server/tls/etcd', /\.crt$/],
  ['var/lib/rancher/rke2/agent', /\.crt$/],
  ['var/lib/rancher/rke2/server/tls', /\.crt$/],
];
/** Files that hold a certificate in base64. */
const CONFIGS = [
  'admin.conf',
  'kubelet.conf',
  'controller-manager.conf',
  'scheduler.conf',
  'super-admin.conf',
];
const MAX_FILES = 256;

/** A certificate. */
export interface Certificate {
  /** "/etc/kubernetes/pki/apiserver.crt" */
  readonly path: string;
  /** Its subject's common name; may be empty. */
  readonly name: string;
  /** ms since the epoch */
  readonly notAfter: number;
  readonly authority: boolean;
}

/** The first certificate of a PEM text; undefined where there is none. @throws Unavailable nonsense */
function parse(path: string, pem: string): Certificate | undefined {
  const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,65536}-----END CERTIFICATE-----/.exec(
    pem,
  )?.[0];
  if (block === undefined) return undefined;
  try {
    const read = new X509Certificate(block);
    const notAfter = read.validToDate.getTime();
    if (!Number.isFinite(notAfter)) throw new Error('it has no end');
    const name = /(?:^|\n)CN=(.{1,100})/.exec(read.subject)?.[1] ?? '';
    return { path: `/${path}`, name, notAfter, authority: read.ca };
  } catch (error) {
    throw new Unavailable('nonsense', `/${path} has a certificate that cannot be read`, error);
  }
}

function pathsOf(machine: Machine): string[] {
  const found = FOLDERS.flatMap(([folder, names]) =>
    machine
      .list(folder)
      .filter((name) => names.test(name) && !/-key\.pem$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return found.slice(0, MAX_FILES);
}

/** Certificates, the one that ends first at the front, and the moment. */
export const certificates = fact({
  id: 'system.certificates',
  reads: [...FOLDERS.map(([folder]) => `/${folder}`), `/etc/kubernetes/{${CONFIGS.join(',')}}`],
  limitMs: 3_000,
  read: ({ machine, problem }): { readonly all: readonly Certificate[]; readonly nowMs: number } => {
    const all: Certificate[] = [];
    const add = (path: string, pemOf: (text: string) => string) => {
      try {
        const text = machine.text(path);
        const one = text === undefined ? undefined : parse(path, pemOf(text));
        if (one) all.push(one);
      } catch (error) {
        const { kind, message } = unavailable(error);
        problem({ what: `/${path}`, kind, why: message });
      }
    };
    for (const path of pathsOf(machine)) add(path, (text) => text);
    for (const name of CONFIGS)
      add(`etc/kubernetes/${name}`, (text) => {
        const data = /client-certificate-data:\s*([A-Za-z0-9+/=]{1,65536})/.exec(text)?.[1] ?? '';
        return Buffer.from(data, 'base64').toString('latin1');
      });
    if (all.length === 0)
      throw new Unavailable('absent', 'this machine has no certificates of Kubernetes or etcd');
    return { all: all.sort((a, b) => a.notAfter - b.notAfter), nowMs: machine.now() };
  },
});
