/** A PKI of its own for a test, with credentials of every kind, also such as a sound PKI would never make. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initStore, type Store } from '../../pki/store.ts';

const DAY_MS = 86_400_000;

/** A key and a chain in PEM, leaf first. */
export interface TestCredential {
  key: string;
  chain: string;
}

/** A PKI in a temporary folder. */
export interface TestPki {
  folder: string;
  store: Store;
  /** The root in PEM. */
  trust: string;
  /** A node's credential. `from` is the time at which it is issued, by default now. */
  node(name: string, lifeMs?: number, from?: number): Promise<TestCredential>;
  /** An operator's credential. */
  operator(name: string, role: string, lifeMs?: number, from?: number): Promise<TestCredential>;
  /** Removes the folder. */
  remove(): void;
}

/** Makes a PKI. Keys are plain, which takes 20 ms instead of a second. */
export function testPki(): TestPki {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-test-pki-'));
  const store = initStore(join(folder, 'pki'), { plain: true });
  return {
    folder,
    store,
    trust: store.trust(),
    node: async (name, lifeMs = DAY_MS, from = Date.now()) =>
      split((await store.issueNode(name, lifeMs, from)).pem),
    operator: async (name, role, lifeMs = DAY_MS, from = Date.now()) =>
      split((await store.issueOperator({ name, role, lifeMs }, () => '', from)).pem),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A PEM text with a key and certificates, in two. */
export function split(pem: string): TestCredential {
  const at = pem.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: pem.slice(0, at), chain: pem.slice(at) };
}
