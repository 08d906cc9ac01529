/** Checks of who the machine takes itself for, whom it asks for names, and how long its certificates and its system last. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { inTime } from '../quantities.ts';
import { certificates } from './certificates.ts';
import { identity, resolver } from './identity.ts';

const DAY = 86_400_000;

/** Identities that images are shipped with: all machines made of such an image have the same. */
const SHIPPED = /^(0{32}|f{32}|uninitialized)$/;

const machineId = check({
  id: 'system.machine-id',
  area: 'system',
  title: 'Machine identities that are empty or no identity',
  about:
    'DHCP, the journal, systemd-networkd and others take /etc/machine-id for unique. An image must ship it empty or ' +
    '"uninitialized", and the first boot must fill it in; machines that share one get the same address.',
  needs: { identity },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/machine-id.html'],
  evaluate: ({ identity: { machineId: id } }) => {
    if (id === undefined) return new NotApplicable('there is no /etc/machine-id');
    if (/^[0-9a-f]{32}$/.test(id) && !SHIPPED.test(id)) return [];
    return [
      {
        severity: 'warning',
        title: 'The machine has no identity of its own',
        evidence: [id === '' ? '/etc/machine-id is empty' : `/etc/machine-id is "${id.slice(0, 40)}"`],
        remedy: {
          text: 'Empty the file and run systemd-machine-id-setup, in the image leave it "uninitialized".',
          risk: 'reboot',
        },
      },
    ];
  },
});

const hostname = check({
  id: 'system.hostname',
  area: 'system',
  title: 'Machines that were never given a name',
  about:
    'A machine that calls itself localhost got no name from its image, from DHCP or from its configuration: its logs and metrics mix with those of others. What was saved may be ' +
    'of an image or without its name, so of a captured machine it is told as information.',
  needs: { identity },
  evaluate: ({ identity: { hostname: name, live } }) =>
    /^(localhost(\.localdomain)?|\(none\)|)$/.test(name)
      ? [
          {
            severity: live ? 'warning' : 'info',
            title: 'The machine has no host name',
            evidence: [`the host name is "${name}"`],
            remedy: { text: 'Set it in its configuration, or have DHCP give it one.', risk: 'none' },
          },
        ]
      : [],
});

const support = check({
  id: 'system.support-ended',
  area: 'system',
  title: 'Operating systems whose support ends',
  about:
    'The day in SUPPORT_END of /etc/os-release, as far as the maker of the system tells one: from then on there are no security updates.',
  needs: { identity },
  thresholds: { infoDays: { value: 90, unit: 'd', source: 'chosen: time for an upgrade of a fleet' } },
  evaluate: ({ identity: { supportEnd, os, nowMs } }, { infoDays }) => {
    const end = /^\d{4}-\d\d-\d\d$/.test(supportEnd) ? Date.parse(supportEnd) : Number.NaN;
    if (!Number.isFinite(end)) return new NotApplicable('its maker does not tell when its support ends');
    const days = Math.floor((end - nowMs) / DAY);
    if (days > infoDays) return [];
    return [
      {
        severity: days < 0 ? 'warning' : 'info',
        title:
          days < 0
            ? 'The support of the operating system has ended'
            : 'The support of the operating system ends soon',
        parameters: { days, end: supportEnd },
        evidence: [`${os}: SUPPORT_END=${supportEnd}`],
        remedy: { text: 'Upgrade to a release that is supported.', risk: 'reboot' },
        explains: days < 0 ? ['system.systemd-tainted'] : [],
      },
    ];
  },
});

const servers = check({
  id: 'system.resolver',
  area: 'system',
  title: 'Resolvers that cannot work',
  about:
    '/etc/resolv.conf without a server resolves nothing; of more than three the C library uses the first three (and the kubelet ' +
    'complains); the stub of systemd-resolved answers only while that runs.',
  needs: { resolver },
  links: ['https://man7.org/linux/man-pages/man5/resolv.conf.5.html'],
  evaluate: ({ resolver: { servers: all, resolved } }) => {
    const evidence = [
      all.length === 0 ? '/etc/resolv.conf has no nameserver' : `nameserver ${all.slice(0, 8).join(', ')}`,
    ];
    if (all.length === 0)
      return [
        {
          severity: 'warning',
          title: 'The machine has nobody to ask for names',
          evidence,
          remedy: {
            text: 'Configure name servers, or link /etc/resolv.conf to what systemd-resolved or DHCP writes.',
            risk: 'none',
          },
        },
      ];
    if (all.every((server) => server === '127.0.0.53') && !resolved)
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'The machine asks a resolver that does not run',
          evidence: [...evidence, 'systemd-resolved has no state in /run/systemd/resolve'],
          remedy: { text: 'Start systemd-resolved, or name other servers.', risk: 'none' },
        },
      ];
    if (all.length <= 3) return [];
    return [
      {
        severity: 'info',
        title: 'More name servers are configured than are used',
        parameters: { servers: all.length },
        evidence,
        remedy: { text: 'Leave three: the others are never asked.', risk: 'none' },
      },
    ];
  },
});

const expiring = check({
  id: 'system.certificate-expiring',
  area: 'system',
  title: 'Certificates of Kubernetes and etcd that end',
  about:
    'kubeadm’s certificates live for a year and are renewed by its upgrades alone; the kubelet renews its own. One that has ' +
    'ended stops the API server, etcd or the kubelet at its next connection.',
  needs: { certificates },
  thresholds: {
    warnDays: {
      value: 30,
      unit: 'd',
      source: 'kubernetes-mixin KubeClientCertificateExpiration is 7 d; 30 d leave time for a change window',
    },
    criticalDays: {
      value: 7,
      unit: 'd',
      source: 'kubernetes-mixin KubeClientCertificateExpiration (7 d; critical at 1 d)',
    },
  },
  links: ['https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/'],
  evaluate: ({ certificates: { all, nowMs } }, { warnDays, criticalDays }) =>
    all
      .filter(({ notAfter }) => notAfter - nowMs < warnDays * DAY)
      .slice(0, 20)
      .map(({ path, name, notAfter, authority }): FindingDraft => {
        const left = notAfter - nowMs;
        return {
          severity: left < criticalDays * DAY ? 'critical' : 'warning',
          title: left < 0 ? 'A certificate has ended' : 'A certificate ends soon',
          subject: { kind: 'certificate', name: path },
          parameters: { daysLeft: Math.floor(left / DAY) },
          evidence: [
            `${path} (${name}) ${left < 0 ? `ended ${inTime(-left)} ago` : `ends in ${inTime(left)}`}: ${new Date(notAfter).toISOString().slice(0, 10)}`,
          ],
          remedy: authority
            ? {
                text: 'It is an authority: a new one must be brought to all nodes before it ends.',
                risk: 'connection',
              }
            : {
                text: 'kubeadm certs renew, then restart the control plane; for the kubelet, look whether its rotation works.',
                risk: 'restart',
              },
          explains:
            left < 0 ? ['system.kubelet-unhealthy', 'system.etcd-no-leader', 'system.unit-restarts'] : [],
        };
      }),
});

/** Checks of identity, names and certificates. */
export const SYSTEM_IDENTITY_CHECKS = [machineId, hostname, support, servers, expiring] as const;
