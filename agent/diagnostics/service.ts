/** DiagnosticsService of the contract: translates requests and reports, nothing else. */

import { Failure } from '../../proto/failure.ts';
import type { CheckInfo } from '../../proto/gen/types/nodectl/v1/CheckInfo.ts';
import type { Finding as FindingMessage } from '../../proto/gen/types/nodectl/v1/Finding.ts';
import type { Caller, ServiceHandlers } from '../../proto/serve/handlers.ts';
import { upper } from '../../proto/upper.ts';
import { VERSION } from '../../proto/version.ts';
import type { Check } from './check.ts';
import type { DiagnosticsDomain } from './domain.ts';
import type { Finding } from './finding.ts';
import type { CheckStatus } from './report.ts';

const STATUS = {
  ok: 'CHECK_STATUS_OK',
  findings: 'CHECK_STATUS_FINDINGS',
  skipped: 'CHECK_STATUS_SKIPPED',
  'not-applicable': 'CHECK_STATUS_NOT_APPLICABLE',
} as const satisfies Record<CheckStatus, string>;

function toMessage(finding: Finding): FindingMessage {
  const { severity, certainty, remedy, parameters, firstMs, lastMs, subject } = finding;
  return {
    ...finding,
    subject: { ...subject, attributes: { ...subject.attributes } },
    evidence: [...finding.evidence],
    links: [...finding.links],
    explains: [...finding.explains],
    severity: `SEVERITY_${upper(severity)}`,
    certainty: `CERTAINTY_${upper(certainty)}`,
    remedy: { text: remedy.text, risk: `REMEDY_RISK_${upper(remedy.risk)}` },
    parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)])),
    firstUsec: Math.round((firstMs ?? 0) * 1_000),
    lastUsec: Math.round((lastMs ?? 0) * 1_000),
  };
}

function toInfo(check: Check, inForce: Readonly<Record<string, number>>): CheckInfo {
  const { id, area, title, about, links } = check;
  const facts = [...Object.values(check.needs), ...Object.values(check.wants)];
  return {
    ...{ id, area, title, about, links: [...links] },
    reads: [...new Set(facts.flatMap(({ reads }) => reads))],
    thresholds: Object.entries(check.thresholds).map(([name, { value, unit, source }]) => ({
      ...{ name, unit, source, defaultValue: value },
      value: inForce[name] ?? value,
    })),
  };
}

/** Checks that run on request alone write to the node: reading is not enough for them. Throws PERMISSION_DENIED. */
function mayAsk(checks: readonly string[], { kind, name, role }: Caller, domain: DiagnosticsDomain): void {
  const writes = domain.checks.find(({ id, onRequest }) => onRequest && checks.includes(id));
  if (!writes || kind !== 'operator' || role === 'operator' || role === 'admin') return;
  throw new Failure(
    'PERMISSION_DENIED',
    `${writes.id} writes to the node, which needs the role operator or admin; ${name} has the role ${role ?? 'none'}`,
    { hint: 'ask somebody with that role; without its name it does not run' },
  );
}

/** The handlers of the service, over the diagnostics of a node. */
export function diagnosticsService(
  domain: DiagnosticsDomain,
): ServiceHandlers<'nodectl.v1.DiagnosticsService'> {
  return {
    Diagnose: async ({ areas, checks }, { signal, identity }) => {
      mayAsk(checks, identity, domain);
      const started = process.hrtime.bigint();
      const report = await domain.diagnose({ areas, ids: checks }, signal);
      return {
        node: domain.node,
        findings: report.findings.map(toMessage),
        checks: report.checks.map(({ id, status, reason }) => ({ id, status: STATUS[status], reason })),
        problems: [...report.problems],
        traits: [...report.traits],
        nowUsec: Math.round(domain.machine.now() * 1_000),
        tookUsec: Number((process.hrtime.bigint() - started) / 1_000n),
        agentVersion: VERSION,
      };
    },
    ListChecks: async () => ({
      checks: domain.checks.map((check) => toInfo(check, domain.thresholds[check.id] ?? {})),
    }),
  };
}
