/** Certificates as `kubeadm certs check-expiration`, `openssl x509` and the errors of clients tell of captured machines. */

import { check, Skipped } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { inTime } from '../quantities.ts';
import { readEach, rowsOf } from './read-each.ts';

const DAY = 86_400_000;

/** A certificate, with what is left of its time in ms; undefined where no moment is told to hold its end against. */
interface Told {
  readonly name: string;
  readonly leftMs: number | undefined;
  readonly evidence: string;
}

/** What kubeadm puts into RESIDUAL TIME: "<invalid>" once it has ended, else "364d", "23h", "5y" (HumanDuration of Kubernetes). */
function residual(text: string): number | undefined {
  if (text === '<invalid>') return -1;
  const unit: Readonly<Record<string, number>> = { y: 365 * DAY, d: DAY, h: 3_600_000, m: 60_000, s: 1_000 };
  const parts = [...text.matchAll(/(\d{1,6})([ydhms])/g)];
  return parts.length === 0
    ? undefined
    : parts.reduce((sum, [, n, u]) => sum + Number(n) * (unit[u ?? ''] ?? 0), 0);
}

/** Rows "apiserver  Dec 30, 2020 23:36 UTC  <invalid>  ca  no", those of authorities too. */
function parseKubeadm(text: string): Told[] | undefined {
  const found = rowsOf(text).flatMap((row): Told[] => {
    const [, name = '', end = '', left = ''] =
      /^(\S{1,80})\s+(\w{3} \d\d, \d{4} \d\d:\d\d \w{1,5})\s+(<invalid>|\d\S{0,30})(?:\s|$)/.exec(
        row.trim(),
      ) ?? [];
    return name === '' ? [] : [{ name, leftMs: residual(left), evidence: `${name}: ${end}, ${left} left` }];
  });
  return found.length === 0 && !/^!MISSING! /m.test(text) ? undefined : found;
}

/** The moment that `date` printed beside, ms; undefined where there is none. Of its zone only UTC is known: others are off by hours, not days. */
function dateIn(text: string): number | undefined {
  for (const row of rowsOf(text)) {
    const at =
      /^\w{3} (\w{3}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (?:[A-Z]{2,5}|[+-]\d{2,4}) (\d{4})$/.exec(row.trim()) ??
      /^\w{3} {1,2}(\d{1,2}) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d)(?: [AP]M)? [A-Z]{2,5}$/.exec(row.trim());
    if (!at) continue;
    const [, one = '', two = '', three = '', four = ''] = at;
    const ms = /^\d/.test(one)
      ? Date.parse(`${one} ${two} ${three} ${four} UTC`)
      : Date.parse(`${two} ${one} ${four} ${three} UTC`);
    if (Number.isFinite(ms)) return ms;
  }
  return undefined;
}

/** When a certificate ends, as openssl writes it, also with -dateopt iso_8601. */
const END =
  /(?:^|\s)(?:notAfter=|Not After ?: ?)(?:(\w{3}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) GMT|(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ))/;

/** "notAfter=Nov 16 11:02:32 2020 GMT", "Not After : Aug  5 09:54:00 2028 GMT", each below the file that it is of, where that is told. */
function parseOpenssl(text: string, now: number | undefined): Told[] | undefined {
  const found: Told[] = [];
  let name = '';
  for (const row of rowsOf(text)) {
    const line = row.trim();
    const file = /(?:^|\s-in\s+|[#$=: ])(\/?[\w.@+/-]{1,300}\.(?:crt|pem|cer|cert))\b/.exec(line)?.[1];
    name = file ?? /^(?:Subject: .{0,200}|subject=.{0,200})\bCN ?= ?([^,/]{1,100})/.exec(line)?.[1] ?? name;
    const end = END.exec(line);
    if (end === null) {
      if (/^Certificate will expire\s*$/.test(line))
        found.push({
          name: name || 'certificate',
          leftMs: 0,
          evidence: 'openssl x509 -checkend: it ends within that time',
        });
      continue;
    }
    const [, month, day, time, year, iso] = end;
    const ms = Date.parse(iso === undefined ? `${day} ${month} ${year} ${time} UTC` : iso.replace(' ', 'T'));
    if (Number.isFinite(ms))
      found.push({
        name: name || 'certificate',
        leftMs: now === undefined ? undefined : ms - now,
        evidence: `${name || 'it'} ends ${new Date(ms).toISOString().slice(0, 16)}Z`,
      });
  }
  return found.length === 0 && !/^Certificate will not expire\s*$/m.test(text) ? undefined : found;
}

/** Errors of clients written in Go, and of `openssl s_client` and `openssl verify`: the certificate is another's. */
const EXPIRED =
  /^(?:(?:Unable to connect to the server|error|The connection|Error\b|E\d{4} |[FW]\d{4} |Failed to ).{0,400}certificate has expired|\s*Verify return code: 10 \(|verify error:num=10:|Verification error: certificate has expired|error 10 at \d{1,2} depth lookup)/;

function parseErrors(text: string): Told[] | undefined {
  const row = rowsOf(text).find((one) => EXPIRED.test(one));
  return row === undefined
    ? undefined
    : [{ name: 'certificate', leftMs: -1, evidence: row.trim().slice(0, 240) }];
}

const told = fact({
  id: 'system.certificates-told',
  reads: ['kubeadm certs check-expiration, openssl x509 and errors of kubectl, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Told[] => {
    // The folder's time may be much later than the moment of the capture: only what `date` printed counts.
    const dates = (machine.saved?.('date') ?? []).flatMap(({ text }) => dateIn(text) ?? []);
    const now = dates.length === 0 ? undefined : Math.max(...dates);
    return readEach(
      machine,
      ['kubeadm', 'openssl', 'kubectl'],
      (text) => parseKubeadm(text) ?? parseErrors(text) ?? parseOpenssl(text, dateIn(text) ?? now),
      'it tells of no certificate',
      // What kubectl lists is read elsewhere.
      (text) => !/certificate/i.test(text),
    ).flat();
  },
});

/** The check of certificates that tools told of. */
export const CERTIFICATES_TOLD_CHECK = check({
  id: 'system.certificate-told',
  area: 'system',
  title: 'Certificates that have ended or soon end, as tools told',
  about:
    'Of a captured machine. kubeadm tells what is left of the time of each; of openssl’s the end alone is known, which is held against ' +
    'what date printed in the same capture.',
  needs: { told },
  thresholds: {
    warnDays: { value: 30, unit: 'd', source: 'as system.certificate-expiring' },
    criticalDays: { value: 7, unit: 'd', source: 'as system.certificate-expiring' },
  },
  links: ['https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/'],
  evaluate: ({ told: all }, { warnDays, criticalDays }) => {
    const judged = all.flatMap(({ name, leftMs, evidence }) =>
      leftMs === undefined ? [] : [{ name, leftMs, evidence }],
    );
    if (judged.length === 0)
      return new Skipped('nothing tells when that was: no output of date is beside the certificates');
    return judged
      .filter(({ leftMs }) => leftMs < warnDays * DAY)
      .slice(0, 20)
      .map(
        ({ name, leftMs, evidence }): FindingDraft => ({
          severity: leftMs < criticalDays * DAY ? 'critical' : 'warning',
          title: leftMs < 0 ? 'A certificate has ended' : 'A certificate ends soon',
          subject: { kind: 'certificate', name },
          evidence: [leftMs < -1 ? `${evidence}: ${inTime(-leftMs)} ago` : evidence],
          remedy: {
            text: 'Renew it: of kubeadm’s clusters kubeadm certs renew, then restart the control plane.',
            risk: 'restart',
          },
        }),
      );
  },
});
