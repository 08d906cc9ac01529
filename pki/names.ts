/** Names in certificates: what a node, an operator and an issuer may be called, and the URI that says which of them one is. */

import { Failure } from '../proto/failure.ts';

/** The roles of operators, each allowing what the one before allows and more. */
export const ROLES = ['reader', 'operator', 'admin'] as const;

/** A role of an operator. */
export type Role = (typeof ROLES)[number];

/** The kinds of identity. */
export type Kind = 'node' | 'operator' | 'issuer';

/** A DNS label, and so the longest name: 63 characters (RFC 1035 section 2.3.4). */
const MAX_NAME = 63;
const NODE_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const OPERATOR_NAME = /^[a-z0-9][a-z0-9._-]*$/;

/** Whether a text can be a node's or an issuer's name: a DNS name in lower case of at most 63 characters. */
export function isNodeName(name: string): boolean {
  return name.length <= MAX_NAME && NODE_NAME.test(name);
}

/** Whether a text can be an operator's name: lower-case letters, digits, dots, hyphens and underscores, at most 63. */
export function isOperatorName(name: string): boolean {
  return name.length <= MAX_NAME && OPERATOR_NAME.test(name);
}

/** Whether a text is a role. */
function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** The name itself, or a BAD_ARGUMENT that says how a node's name is written. */
export function checkNodeName(name: string): string {
  if (isNodeName(name)) return name;
  throw new Failure('BAD_ARGUMENT', `"${name.slice(0, 80)}" cannot be a node's name`, {
    hint: 'use a DNS name of lower-case letters, digits, hyphens and dots, at most 63 characters',
  });
}

/** The name itself, or a BAD_ARGUMENT that says how an operator's name is written. */
export function checkOperatorName(name: string): string {
  if (isOperatorName(name)) return name;
  throw new Failure('BAD_ARGUMENT', `"${name.slice(0, 80)}" cannot be an operator's name`, {
    hint: 'use lower-case letters, digits, dots, hyphens and underscores, at most 63 characters',
  });
}

/** The role itself, or a BAD_ARGUMENT that lists the roles. */
export function checkRole(role: string): Role {
  if (isRole(role)) return role;
  throw new Failure('BAD_ARGUMENT', `"${role.slice(0, 80)}" is not a role`, {
    hint: `the roles are ${ROLES.join(', ')}`,
  });
}

/** Who somebody is. */
export interface Subject {
  kind: Kind;
  name: string;
  /** Of operators only. */
  role?: Role;
}

/** The URI that stands in a certificate for a subject, for example "nodectl://operator/alice/admin". */
export function subjectUri({ kind, name, role }: Subject): string {
  return `nodectl://${kind}/${name}${role ? `/${role}` : ''}`;
}

/** The subject that a URI names, or undefined where it is none of ours. Accepts exactly what subjectUri makes. */
export function parseSubjectUri(uri: string): Subject | undefined {
  const match = /^nodectl:\/\/(node|operator|issuer)\/([^/]+)(?:\/([^/]+))?$/.exec(uri);
  if (!match) return undefined;
  const [, kind, name = '', role] = match;
  if (kind === 'operator')
    return isOperatorName(name) && role !== undefined && isRole(role) ? { kind, name, role } : undefined;
  if (role !== undefined || !isNodeName(name)) return undefined;
  return { kind: kind as 'node' | 'issuer', name };
}
