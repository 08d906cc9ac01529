/** What to do about a certificate that has ended or will soon: the same words wherever it is told. */

/** Whom a certificate is for, as a Subject or a caller of a server. */
interface Holder {
  readonly kind: string;
  readonly name: string;
  readonly role?: string | undefined;
}

/** The way to the next certificate of somebody. */
export function renewalHint({ kind, name, role }: Holder): string {
  if (kind === 'node') return 'the agent renews it by itself: look at its log; or enrol the node anew';
  if (kind === 'issuer') return 'restart the issuer: it makes itself a new one';
  return `who holds the PKI makes a new one: nodectl pki operator ${name} --role ${role || 'ROLE'}`;
}
