/** Certificates as people paste what kubeadm, openssl and kubectl print of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const HEAD =
  'CERTIFICATE                EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED';

for (const [what, text, expected] of [
  [
    'kubeadm: one that has ended, one that ends soon, one that is well',
    [
      HEAD,
      'admin.conf                 Dec 30, 2020 23:36 UTC   <invalid>                               no',
      'apiserver                  Jan 20, 2021 23:36 UTC   20d             ca                      no',
      'etcd-peer                  Dec 30, 2021 23:36 UTC   364d            etcd-ca                 no',
      '',
      'CERTIFICATE AUTHORITY   EXPIRES                  RESIDUAL TIME   EXTERNALLY MANAGED',
      'ca                      Nov 03, 2029 14:13 UTC   8y              no',
    ],
    ['critical system.certificate-told admin.conf', 'warning system.certificate-told apiserver'],
  ],
  [
    'kubeadm: hours that are left',
    [HEAD, 'apiserver                  Jan 01, 2021 23:36 UTC   23h             ca                      no'],
    ['critical system.certificate-told apiserver'],
  ],
  [
    'kubeadm: well',
    [HEAD, 'apiserver                  Apr 01, 2120 08:22 UTC   99y             ca                      no'],
    [],
  ],
  [
    'openssl: ended by the date beside it',
    [
      '$ date',
      'Mon Nov 23 09:00:00 UTC 2020',
      '$ openssl x509 -enddate -noout -in /etc/etcd/pki/peer.crt',
      'notAfter=Nov 16 11:02:32 2020 GMT',
    ],
    ['critical system.certificate-told certificate'],
  ],
  [
    'openssl: well by the date beside it',
    [
      '$ date',
      'Mon Nov 23 09:00:00 CET 2020',
      '$ openssl x509 -noout -dates -in /etc/etcd/pki/peer.crt',
      'notBefore=Nov 16 11:02:32 2019 GMT',
      'notAfter=Nov 16 11:02:32 2021 GMT',
    ],
    [],
  ],
  [
    'openssl: nothing tells when that was',
    ['$ openssl x509 -enddate -noout -in /etc/etcd/pki/peer.crt', 'notAfter=Nov 16 11:02:32 2020 GMT'],
    [],
  ],
  [
    'openssl s_client: what it found',
    ['$ openssl s_client -connect api:6443', '    Verify return code: 10 (certificate has expired)'],
    ['critical system.certificate-told certificate'],
  ],
  [
    'kubectl: its error',
    [
      '$ kubectl get nodes',
      'Unable to connect to the server: x509: certificate has expired or is not yet valid: current time 2026-04-24T10:14:23Z is after 2026-04-23T16:42:11Z',
    ],
    ['critical system.certificate-told certificate'],
  ],
] as const)
  test(`certificates: ${what}`, async () => {
    assert.deepEqual((await troubles(`${text.join('\n')}\n`)).sort(), [...expected].sort());
  });
