/** AccessService: who the caller is, who is denied, and what was done here. */

import { checkReason, checkSubject, type Denylist, ownerOf } from '../../pki/denylist.ts';
import type { TrustOutcome } from '../../pki/hand-over.ts';
import { Failure } from '../../proto/failure.ts';
import { readAudit } from '../../proto/serve/audit-log/read.ts';
import type { Caller, Service } from '../../proto/serve/handlers.ts';
import { service } from '../../proto/serve/handlers.ts';
import { deniedFailure } from '../../proto/serve/identity.ts';
import type { OpenCalls } from '../../proto/serve/open-calls.ts';

/** What became of the node's trust, and the fingerprint of the root that its own certificate leads to. */
export type TrustChanged = TrustOutcome & { readonly own: string };

/** What the service works on. */
export interface AccessParts {
  /** The node's name. */
  readonly node: string;
  readonly denylist: Denylist;
  /** The folder of the audit log. */
  readonly auditFolder: string;
  /** Takes a statement of a root into the node's trust, or only says what it would do. */
  readonly changeTrust: (statement: string, validateOnly: boolean) => TrustChanged;
  /** The open calls of the server, asked for lazily: it is made after its services. */
  readonly calls: () => OpenCalls;
}

/** The access service of a node. */
export function accessService({ node, denylist, auditFolder, changeTrust, calls }: AccessParts): Service {
  return service('nodectl.v1.AccessService', {
    WhoAmI: async (_request, { identity }) => ({
      node,
      name: identity.name,
      role: identity.role ?? '',
      serial: identity.serial,
      notAfter: Math.floor(identity.notAfter / 1_000),
    }),

    ListDenied: async () => ({ denied: denylist.all() }),

    Deny: async (request, { identity }) => {
      const denied = {
        subject: checkSubject(request.subject),
        reason: checkReason(request.reason),
        by: identity.uri,
        timeUsec: Date.now() * 1_000,
      };
      if (denied.subject === ownerOf(identity.uri) || denied.subject === `serial:${identity.serial}`)
        throw new Failure('BAD_ARGUMENT', 'you cannot deny yourself', { hint: 'let another admin do it' });
      if (request.validateOnly) return { node, denied, endedCalls: 0 };
      denylist.deny(denied);
      return { node, denied, endedCalls: endCalls(calls(), denylist) };
    },

    Allow: async (request) => {
      const subject = checkSubject(request.subject);
      return { node, removed: request.validateOnly ? denylist.has(subject) : denylist.allow(subject) };
    },

    ChangeTrust: async ({ statement, validateOnly }, { identity }) => {
      const planned = changeTrust(statement, true);
      const left = new Set(planned.roots.map(({ fingerprint256 }) => fingerprint256));
      const cutOff = (one: { identity: Caller; connection: { trustedBy(roots: Set<string>): boolean } }) =>
        one.identity === identity && !one.connection.trustedBy(left);
      if ([...calls().all()].some(cutOff))
        throw new Failure(
          'ROOT_IN_USE',
          'your own credential is of the root that is to be trusted no longer',
          {
            hint: 'call with a credential of the root that stays',
          },
        );
      const { change, root, changed, own } = validateOnly ? planned : changeTrust(statement, false);
      return { node, change, changed, root: root.fingerprint256, trusted: [...left], ownRoot: own };
    },

    ReadAudit: async function* ({ sinceUsec, tail }) {
      if (tail < 0) throw new Failure('BAD_ARGUMENT', 'the number of records cannot be negative');
      for await (const { records, broken } of readAudit(auditFolder, { sinceUsec, tail }))
        yield { records: [...records], broken };
    },
  });
}

/** Ends the open calls of everybody who is denied now, and their connections soon after. */
function endCalls(calls: OpenCalls, denylist: Denylist): number {
  let ended = 0;
  for (const { identity, connection } of calls.all()) {
    const reason = denylist.reasonFor(identity);
    if (reason === undefined) continue;
    ended += calls.end((caller: Caller) => caller === identity, deniedFailure(identity, reason));
    connection.cutOff();
  }
  return ended;
}
