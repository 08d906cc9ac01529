/** IssuerService and EnrolmentService: messages to the issuer and back. */

import { Failure } from '../../proto/failure.ts';
import { type Service, service } from '../../proto/serve/handlers.ts';
import type { Issuer } from './issuer.ts';
import { effectiveLabels, type RegisteredNode } from './register.ts';

/** Nodes in one answer at most, and where the caller does not say. */
const PAGE = 1_000;

/** What operators and enrolled nodes call, over mutual TLS. */
export function issuerService(issuer: Issuer): Service {
  return service('nodectl.v1.IssuerService', {
    Renew: async ({ csr, addresses, labels }, { identity }) => {
      const { kind, name, uri, serial, notBefore, notAfter } = identity;
      if (kind !== 'node') throw new Failure('PERMISSION_DENIED', 'only nodes renew their certificates');
      const issued = issuer.renew(
        { kind, name, uri, serial, notBefore, notAfter },
        { csr, addresses, labels },
      );
      return { certificateChain: issued.chain, trustBundle: issued.trust };
    },

    CreateToken: async ({ node, ttlSeconds }) => {
      const { token, notAfter } = issuer.createToken(node, ttlSeconds * 1_000);
      return { token, notAfter: seconds(notAfter) };
    },

    ListNodes: async ({ pageSize, pageToken }) => {
      if (pageSize < 0) throw new Failure('BAD_ARGUMENT', 'the size of a page cannot be negative');
      const size = Math.min(pageSize || PAGE, PAGE);
      // One more than asked for tells whether there is another page.
      const found = issuer.listNodes(pageToken, size + 1);
      const nodes = found.slice(0, size);
      return {
        nodes: nodes.map(nodeMessage),
        nextPageToken: found.length > size ? (nodes.at(-1)?.name ?? '') : '',
      };
    },

    UpdateNode: async ({ node, setLabels, removeLabels, addresses }) => ({
      node: nodeMessage(issuer.updateNode(node, { setLabels, removeLabels, addresses })),
    }),

    RemoveNode: async ({ node }) => ({ removed: issuer.removeNode(node) }),
  });
}

/** What nodes without a certificate call, on a port of its own. `renewalAddress` is told to them for later. */
export function enrolmentService(issuer: Issuer, renewalAddress: () => string): Service {
  return service('nodectl.v1.EnrolmentService', {
    Enrol: async ({ token, csr, addresses, labels }) => {
      const { chain, trust } = issuer.enrol(token, { csr, addresses, labels });
      return { certificateChain: chain, trustBundle: trust, renewalAddress: renewalAddress() };
    },
  });
}

function nodeMessage(node: RegisteredNode) {
  const { name, addresses, serial } = node;
  return {
    ...{ name, addresses, serial, labels: effectiveLabels(node) },
    enrolledAt: seconds(node.enrolledAt),
    issuedAt: seconds(node.issuedAt),
    notAfter: seconds(node.notAfter),
  };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
