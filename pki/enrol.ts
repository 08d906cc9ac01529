/**
 * The node's side of getting a certificate. The key is made on the node, never leaves it, and is on disk before the first
 * call, so that a crash or a lost answer in the middle is mended by asking again with the same key.
 */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../proto/failure.ts';
import { makeFolder } from '../proto/make-folder.ts';
import { removeStrays, syncFolder, writeFileAtomic } from './atomic-file.ts';
import { createRequest, keyPem, newKey } from './csr.ts';
import { type Pair, readPair } from './pair.ts';
import { loadNodeFolder, saveNodeFolder } from './pair-file.ts';
import { certificatesOf, privateKeyOf } from './pem.ts';
import { parseToken, rootPin } from './token.ts';

/** What an issuer answers to a certificate request. */
export interface IssuerAnswer {
  /** Leaf and intermediate in PEM. */
  certificateChain: string;
  /** Roots in PEM. */
  trustBundle: string;
}

const PENDING = 'enrol.key';

/**
 * Enrols: makes or finds the pending key, asks, checks the answer, stores it. `ask` sends the request (PKCS #10 in DER) and
 * is given the pin that the issuer's root must have.
 */
export async function enrolNode<Answer extends IssuerAnswer>(
  folder: string,
  token: string,
  ask: (csr: Buffer, pin: Buffer) => Promise<Answer>,
): Promise<{ pair: Pair; answer: Answer }> {
  const { node, pin } = parseToken(token);
  makeFolder(folder);
  removeStrays(folder, [PENDING]);
  const pending = join(folder, PENDING);
  if (!existsSync(pending)) writeFileAtomic(pending, keyPem(newKey()));
  const key = readFileSync(pending, 'utf8');
  const answer = await ask(createRequest(privateKeyOf(key), node), pin);
  // Only what the token vouches for: an issuer that was taken over could add a root of its own, and mint admins with it.
  const roots = certificatesOf(answer.trustBundle).filter((root) => rootPin(root).equals(pin) && root.ca);
  if (roots.length === 0)
    throw new Failure('WRONG_CA', 'the issuer’s root is not the one that the token was made by', {
      hint: 'check the issuer’s address; if it is right, somebody may be posing as the issuer',
    });
  const trust = roots.map(String).join('');
  const pair = checkAnswer(key, answer, node, trust);
  saveNodeFolder(folder, key, answer.certificateChain, trust);
  rmSync(pending, { force: true });
  syncFolder(folder);
  return { pair, answer };
}

/**
 * Renews: a new key each time, stored only together with its certificate. The roots stay those that the node has: the issuer
 * vouches for nodes and has no say in whom they trust. Throws WRONG_CA where the answer does not lead to them.
 */
export async function renewNode(
  folder: string,
  name: string,
  ask: (csr: Buffer) => Promise<IssuerAnswer>,
): Promise<Pair> {
  const key = newKey();
  const answer = await ask(createRequest(key, name));
  const held = loadNodeFolder(folder);
  if (!held) throw new Failure('BAD_CERTIFICATE', `${folder} holds no certificate that could be renewed`);
  const pair = checkAnswer(keyPem(key), answer, name, held.trust);
  saveNodeFolder(folder, keyPem(key), answer.certificateChain);
  return pair;
}

/** The pair that an answer makes with our key. Throws where it is not one, or not for us. */
function checkAnswer(key: string, answer: IssuerAnswer, node: string, trust: string): Pair {
  const pair = readPair(key + answer.certificateChain, trust, 'node');
  if (pair.identity.name !== node)
    throw new Failure(
      'WRONG_NODE',
      `the issuer answered with a certificate for "${pair.identity.name}", not for "${node}"`,
      {
        hint: 'make a new token for this node',
      },
    );
  return pair;
}
