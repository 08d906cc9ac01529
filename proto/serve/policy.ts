/** What each served method demands of its caller, and the refusal to serve one that demands nothing known. */

import { Failure } from '../failure.ts';
import { type Permission, POLICY } from '../gen/policy.ts';

/** A method's permission and whether it changes anything. */
export interface MethodPolicy {
  readonly permission: Permission;
  readonly mutates: boolean;
  /** Whether a node may make the call to itself with its own certificate: for its watchdog. */
  readonly own?: boolean;
}

/** The standard services carry no options of ours: they are for operators to read. */
const STANDARD: Readonly<Record<string, MethodPolicy>> = {
  'grpc.health.v1.Health/Check': { permission: 'read', mutates: false, own: true },
  'grpc.health.v1.Health/Watch': { permission: 'read', mutates: false },
  'grpc.reflection.v1.ServerReflection/ServerReflectionInfo': { permission: 'read', mutates: false },
  'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': { permission: 'read', mutates: false },
};

/** A method's policy. Throws INTERNAL where the contract gives it none: such a method must not be served. */
export function policyOf(path: string, table: Readonly<Record<string, MethodPolicy>> = POLICY): MethodPolicy {
  const policy = Object.hasOwn(table, path)
    ? table[path]
    : Object.hasOwn(STANDARD, path)
      ? STANDARD[path]
      : undefined;
  if (!policy)
    throw new Failure('INTERNAL', `${path} has no permission in the contract, so it is not served`, {
      hint: 'give the method its options in the .proto file and run npm run gen',
    });
  return policy;
}
