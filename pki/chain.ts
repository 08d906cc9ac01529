/** Chains of signatures between certificates. */

import type { X509Certificate } from 'node:crypto';

/** Longest chain that is followed; ours are leaf, intermediate, root. */
const MAX_STEPS = 4;

/** Whether a certificate was signed by another. One whose key OpenSSL does not know signs nothing. */
export function isSignedBy(certificate: X509Certificate, by: X509Certificate): boolean {
  try {
    return certificate.checkIssued(by) && certificate.verify(by.publicKey);
  } catch {
    return false;
  }
}

/** Whether a chain of signatures leads from the leaf, over the others, to one of the roots. */
export function leadsTo(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): boolean {
  let at = leaf;
  for (let step = 0; step < MAX_STEPS; step++) {
    const current = at;
    if (roots.some((root) => isSignedBy(current, root))) return true;
    const next = others.find((other) => isSignedBy(current, other));
    if (!next) return false;
    at = next;
  }
  return false;
}
