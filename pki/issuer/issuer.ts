/**
 * The issuer: turns tokens into certificates, renews them, and keeps the register. It needs the nodes' intermediate and
 * never the root's key. Every answer is on disk before it is given, and an answer that was lost on the way can be asked
 * for again with the same token and key; any other second use of a token is refused.
 */

import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import { makeFolder } from '../../proto/make-folder.ts';
import { issueLeaf } from '../certificate.ts';
import { keyPem, newKey, requestKey } from '../csr.ts';
import { type Identity, identityOf } from '../identity.ts';
import { checkNodeName } from '../names.ts';
import { certificatesOf } from '../pem.ts';
import { publicKeyDigest } from '../public-key.ts';
import { createToken, parseToken, rootPin, tokenDigest } from '../token.ts';
import { AuthorityFolder } from './authority.ts';
import { checkAddresses, checkLabels, mergeLabels } from './hints.ts';
import type { Disk } from './journal.ts';
import { lockFolder } from './lock.ts';
import { Register, type RegisteredNode, type TokenRecord } from './register.ts';

const HOUR_MS = 3_600_000;
/** A month: long enough that a node which was off over the holidays comes back by itself. */
const DEFAULT_NODE_LIFE_MS = 30 * 24 * HOUR_MS;
const DEFAULT_TOKEN_LIFE_MS = HOUR_MS;
const MAX_TOKEN_LIFE_MS = 7 * 24 * HOUR_MS;
const SERVING_LIFE_MS = 30 * 24 * HOUR_MS;

/** What an issuer is made of. */
export interface IssuerOptions {
  /** Where nodes.crt, nodes.key and root.crt are: a PKI store, or a copy of these three files. */
  authorityFolder: string;
  /** Where the register is kept. */
  stateFolder: string;
  /** How long nodes' certificates live, in milliseconds. Default 30 days. */
  nodeLifeMs?: number;
  /** The clock, in milliseconds since the epoch. */
  now?: () => number;
  /** The disk under the register; only tests give one. */
  disk?: Disk;
}

/** What a node says of itself when it asks for a certificate. */
export interface NodeHints {
  /** PKCS #10 in DER. */
  csr: Uint8Array;
  addresses: readonly string[];
  labels: Readonly<Record<string, string>>;
}

/** A certificate for a node. */
export interface Issued {
  /** Leaf and intermediate in PEM, leaf first. */
  chain: string;
  /** Root certificates in PEM. */
  trust: string;
  identity: Identity;
}

/** An issuer at work. One a state folder. */
export class Issuer {
  readonly #authority: AuthorityFolder;
  readonly #register: Register;
  readonly #lifeMs: number;
  readonly #now: () => number;
  readonly #unlock: () => void;

  constructor(options: IssuerOptions) {
    this.#authority = new AuthorityFolder(options.authorityFolder);
    this.#lifeMs = options.nodeLifeMs ?? DEFAULT_NODE_LIFE_MS;
    this.#now = options.now ?? Date.now;
    makeFolder(options.stateFolder);
    this.#unlock = lockFolder(options.stateFolder);
    try {
      this.#register = new Register(options.stateFolder, options.disk);
    } catch (error) {
      this.#unlock();
      throw error;
    }
  }

  /** What was wrong with the register when it was opened, or undefined. */
  get problem(): string | undefined {
    return this.#register.problem;
  }

  /** Whether the register had nothing in it when it was opened: no node and no token has ever been known here, or they were lost. */
  get isNew(): boolean {
    return this.#register.isNew;
  }

  /** The root certificates in PEM. */
  get trust(): string {
    return this.#authority.current().trust;
  }

  /** A token for one node. `lifeMs` 0 means an hour. */
  createToken(node: string, lifeMs: number): { token: string; notAfter: number } {
    checkNodeName(node);
    const life = lifeMs || DEFAULT_TOKEN_LIFE_MS;
    if (!(life > 0 && life <= MAX_TOKEN_LIFE_MS))
      throw new Failure('BAD_ARGUMENT', 'a token lives at most seven days', {
        hint: 'try --ttl 1h',
      });
    const token = createToken(node, this.trust);
    const notAfter = this.#now() + life;
    this.#register.addToken(
      { digest: tokenDigest(token), node, notAfter, usedBy: '', answer: '' },
      this.#now(),
    );
    return { token, notAfter };
  }

  /**
   * A node's first certificate for a token, and the same one again for the same token and key. Throws TOKEN_INVALID,
   * TOKEN_EXPIRED, TOKEN_USED or BAD_CSR.
   */
  enrol(token: string, hints: NodeHints): Issued {
    const known = this.#knownToken(token);
    const { node } = known;
    const key = requestKey(hints.csr);
    const usedBy = publicKeyDigest(key).toString('hex');
    if (known.usedBy === usedBy) return this.#answerAgain(known);
    if (known.usedBy !== '')
      throw new Failure('TOKEN_USED', `the token for ${node} was used before, with another key`, {
        hint: `if it was not your node that used it, remove it with "nodectl nodes remove ${node}"; then make a new token`,
      });
    const { issued, entry, leaf } = this.#issue(node, key, hints);
    this.#register.enrol({ ...known, usedBy, answer: leaf.raw.toString('base64') }, entry);
    return issued;
  }

  /** A new certificate for a node that shows its newest certificate, or the one before. */
  renew(identity: Identity, hints: NodeHints): Issued {
    const { kind, name, serial } = identity;
    const known = kind === 'node' ? this.#register.node(name) : undefined;
    if (!known)
      throw new Failure('NODE_NOT_REGISTERED', `${kind} ${name} is not in the register, so it cannot renew`, {
        hint: `make a token and enrol it: nodectl pki token ${name}`,
      });
    if (serial !== known.serial && serial !== known.previousSerial)
      throw new Failure(
        'CERTIFICATE_DENIED',
        `${name} has been enrolled anew since this certificate was issued`,
        {
          hint: 'if two machines claim this name, find out which one is right before you enrol it again',
        },
      );
    const { issued, entry } = this.#issue(name, requestKey(hints.csr), hints, serial);
    this.#register.putNode(entry);
    return issued;
  }

  /** A page of the register, sorted by name, from after a name. */
  listNodes(after: string, size: number): RegisteredNode[] {
    return this.#register.page(after, size);
  }

  /** Changes what the register says of a node. An empty list of addresses leaves those known. */
  updateNode(
    name: string,
    change: {
      setLabels: Record<string, string>;
      removeLabels: readonly string[];
      addresses: readonly string[];
    },
  ): RegisteredNode {
    const known = this.#register.node(name);
    if (!known)
      throw new Failure('NODE_NOT_REGISTERED', `${name} is not in the register`, {
        hint: 'nodectl nodes list',
      });
    const setLabels = mergeLabels(known, checkLabels(change.setLabels), change.removeLabels);
    const addresses = change.addresses.length > 0 ? checkAddresses(change.addresses) : known.addresses;
    const node = { ...known, setLabels, addresses };
    this.#register.putNode(node);
    return node;
  }

  /** Takes a node out of the register, and every token for its name with it. Whether it was there. */
  removeNode(name: string): boolean {
    return this.#register.removeNode(name);
  }

  /** A key and certificate for the issuer's own server, in PEM: key, leaf, intermediate. */
  servingPair(name: string): { key: string; chain: string; notAfter: number } {
    const key = newKey();
    const { signer } = this.#authority.current();
    const subject = { kind: 'issuer', name: checkNodeName(name) } as const;
    const leaf = issueLeaf(subject, signer, createPublicKey(key), this.#now(), SERVING_LIFE_MS);
    return {
      key: keyPem(key),
      chain: leaf.toString() + signer.certificate.toString(),
      notAfter: leaf.validToDate.getTime(),
    };
  }

  /** Releases the folder. Idempotent. */
  close(): void {
    this.#register.close();
    this.#unlock();
  }

  #knownToken(token: string): TokenRecord {
    const { node, pin } = parseToken(token);
    const known = this.#register.token(tokenDigest(token));
    const ours = certificatesOf(this.trust).some((root) => rootPin(root).equals(pin));
    if (!known || known.node !== node || !ours)
      throw new Failure(
        'TOKEN_INVALID',
        'this issuer did not make the token, or has forgotten it after it expired or its node was removed',
        { hint: `make a new one: nodectl pki token ${node}` },
      );
    if (known.notAfter <= this.#now())
      throw new Failure(
        'TOKEN_EXPIRED',
        `the token for ${node} ended ${new Date(known.notAfter).toISOString()}`,
        { hint: `make a new one: nodectl pki token ${node}` },
      );
    return known;
  }

  /**
   * What was answered before: a lost answer is mended by it, and nothing changes in the register, so that an old machine which
   * asks again does not push out the one that was enrolled after it.
   */
  #answerAgain({ node, answer }: TokenRecord): Issued {
    const leaf = new X509Certificate(Buffer.from(answer, 'base64'));
    const { signer, trust } = this.#authority.current();
    if (leaf.validToDate.getTime() <= this.#now() || !leaf.verify(signer.certificate.publicKey))
      throw new Failure(
        'TOKEN_USED',
        `the token for ${node} was used before, and that certificate has ended`,
        {
          hint: `make a new one: nodectl pki token ${node}`,
        },
      );
    return { chain: leaf.toString() + signer.certificate.toString(), trust, identity: identityOf(leaf) };
  }

  #issue(
    name: string,
    key: KeyObject,
    hints: NodeHints,
    previousSerial = '',
  ): { issued: Issued; entry: RegisteredNode; leaf: X509Certificate } {
    const addresses = checkAddresses(hints.addresses);
    const ownLabels = checkLabels(hints.labels);
    const now = this.#now();
    const { signer, trust } = this.#authority.current();
    const leaf = issueLeaf({ kind: 'node', name }, signer, key, now, this.#lifeMs);
    const identity = identityOf(leaf);
    const known = this.#register.node(name);
    const entry: RegisteredNode = {
      name,
      addresses: addresses.length > 0 ? addresses : (known?.addresses ?? []),
      ownLabels,
      setLabels: known?.setLabels ?? {},
      enrolledAt: previousSerial ? (known?.enrolledAt ?? now) : now,
      issuedAt: now,
      notAfter: identity.notAfter,
      serial: identity.serial,
      previousSerial,
    };
    const chain = leaf.toString() + signer.certificate.toString();
    return { issued: { chain, trust, identity }, entry, leaf };
  }
}
