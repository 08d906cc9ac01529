/** The issuer's gRPC services: enrolment for nodes without a certificate, and everything else for nodes and operators. */

import { Failure } from '../../proto/failure.ts';
import { type Service, service } from '../../proto/serve/handlers.ts';
import type { Issuer } from './issuer.ts';
import { effectiveLabels, type RegisteredNode } from './register.ts';

/** The longest page of the register, and the one that is given where none is asked for. */
const PAGE = 1_000;

/** Served on a port where callers show no certificate. `renewalAddress` is told to nodes for their renewals. */
export function enrolmentService(issuer: Issuer, renewalAddress: () => string): Service {
  return service('nodectl.v1.EnrolmentService', {
    Enrol: async ({ token, csr, addresses, labels }) => {
      const { chain, trust } = issuer.enrol(token, { csr, addresses, labels });
      return { certificateChain: chain, trustBundle: trust, renewalAddress: renewalAddress() };
    },
  });
}

/** Served over mutual TLS. */
export function issuerService(issuer: Issuer): Service {
  return service('nodectl.v1.IssuerService', {
    Renew: async ({ csr, addresses, labels }, { identity }) => {
      if (identity.kind !== 'node') throw new Failure('PERMISSION_DENIED', `${identity.uri} is not a node`);
      const { chain, trust } = issuer.renew({ ...identity, kind: 'node' }, { csr, addresses, labels });
      return { certificateChain: chain, trustBundle: trust };
    },

    CreateToken: async ({ node, ttlSeconds }) => {
      const { token, notAfter } = issuer.createToken(node, ttlSeconds * 1_000);
      return { token, notAfter: Math.floor(notAfter / 1_000) };
    },

    ListNodes: async ({ pageSize, pageToken }) => {
      const size = pageSize > 0 ? Math.min(pageSize, PAGE) : PAGE;
      const nodes = issuer.listNodes(pageToken, size);
      // Names are the tokens: a page goes on behind the last name, whatever came or went meanwhile.
      const last = nodes.length === size ? nodes.at(-1)?.name : undefined;
      return { nodes: nodes.map(message), nextPageToken: last ?? '' };
    },

    UpdateNode: async ({ node, setLabels, removeLabels, addresses }) => ({
      node: message(issuer.updateNode(node, { setLabels, removeLabels, addresses })),
    }),

    RemoveNode: async ({ node }) => ({ removed: issuer.removeNode(node) }),
  });
}

function message(node: RegisteredNode) {
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1_000);
  return {
    name: node.name,
    addresses: node.addresses,
    labels: effectiveLabels(node),
    enrolledAt: seconds(node.enrolledAt),
    issuedAt: seconds(node.issuedAt),
    notAfter: seconds(node.notAfter),
    serial: node.serial,
  };
}
