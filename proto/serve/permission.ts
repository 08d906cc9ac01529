/** Second interceptor: whether the caller may make this call. */

import { Failure } from '../failure.ts';
import type { Permission } from '../gen/policy.ts';
import type { Caller } from './handlers.ts';
import type { Interceptor } from './interceptor.ts';
import type { MethodPolicy } from './policy.ts';

type Role = NonNullable<Caller['role']>;

/** The roles that give each of the operators' permissions. */
const ROLES: Readonly<Record<Exclude<Permission, 'anyone' | 'node'>, readonly Role[]>> = {
  read: ['reader', 'operator', 'admin'],
  operate: ['operator', 'admin'],
  admin: ['admin'],
};

/** Refuses calls that the caller's kind or role does not allow. `self` is the name of the node that serves, if it is one. */
export function permissionInterceptor(self: string | undefined): Interceptor {
  return async (call, next) => {
    if (!allows(call.route.policy, call.identity, self))
      throw refusal(call.method, call.route.policy, call.identity);
    await next();
  };
}

/** Whether a policy lets a caller through. */
export function allows(policy: MethodPolicy, caller: Caller, self?: string): boolean {
  const { permission } = policy;
  if (permission === 'anyone') return true;
  if (policy.own && caller.kind === 'node' && caller.name === self) return true;
  if (permission === 'node') return caller.kind === 'node';
  return caller.kind === 'operator' && caller.role !== undefined && ROLES[permission].includes(caller.role);
}

function refusal(method: string, { permission }: MethodPolicy, caller: Caller): Failure {
  const who = caller.role
    ? `${caller.name} has the role ${caller.role}`
    : `${caller.uri || 'the caller'} is no operator`;
  const needs =
    permission === 'node'
      ? 'a node’s certificate'
      : `an operator’s certificate with the role ${ROLES[permission as Exclude<Permission, 'anyone' | 'node'>].join(' or ')}`;
  return new Failure('PERMISSION_DENIED', `${method} needs ${needs}; ${who}`, {
    hint:
      permission === 'node'
        ? 'only nodes make this call'
        : 'ask somebody with that role, or for a certificate with it: nodectl pki operator',
    facts: { method, permission, ...(caller.role ? { role: caller.role } : {}) },
  });
}
