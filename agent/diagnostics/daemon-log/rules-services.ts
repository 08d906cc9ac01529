/** What daemons at the edge of a machine write into logs: haproxy, auditd, sshd; and what an UPS tells of itself. */

import type { DaemonRule } from './rules.ts';

/** The rules of them. */
export const SERVICE_RULES: readonly DaemonRule[] = [
  {
    ...{ id: 'system.log-no-server', area: 'system', severity: 'critical', kind: 'service' },
    title: 'A load balancer has no server left for a service',
    program: /^haproxy$/,
    words: /\b(?:backend|proxy|frontend|listen) '?(?<name>[\w.:-]{1,80}?)'? has no server available/,
    over: /\bServer (?<name>[\w.:-]{1,80})\/\S{1,80} is UP\b/,
    remedy: { text: 'See the servers behind it, and the network on the way to them.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-server-down', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A load balancer does not reach a server',
    program: /^haproxy$/,
    // Taken out for maintenance it "is going DOWN for maintenance".
    words: /\bServer (?<name>[\w.:-]{1,80}\/[\w.:-]{1,80}) is DOWN, reason: /,
    over: /\bServer (?<name>[\w.:-]{1,80}\/[\w.:-]{1,80}) is UP\b/,
    remedy: { text: 'See the server, what listens there, and the network on the way.', risk: 'none' },
  },
  {
    ...{ id: 'disk.log-audit-full', area: 'disk', severity: 'warning', kind: 'mount' },
    title: 'There is no room for the audit log',
    program: /^auditd$/,
    words:
      /has no space left on logging partition|suspending logging due to|is low on disk space for logging/,
    over: /resuming logging/,
    remedy: { text: 'See df -h /var/log/audit, and what auditd.conf keeps.', risk: 'data' },
  },
  {
    ...{ id: 'system.log-sshd', area: 'system', severity: 'warning', kind: 'service' },
    title: 'sshd cannot take connections',
    program: /^sshd$/,
    words:
      /^fatal: (?:Cannot bind any address|Missing privilege separation directory|\S{1,200} must be owned by root)|no hostkeys available -- exiting/,
    over: /^Server listening on /,
    remedy: {
      text: 'sshd -t tells what is wrong with its settings, keys and folders; ss -ltnp who has its port.',
      risk: 'none',
    },
  },
];
