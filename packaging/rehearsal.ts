/**
 * Runs some commands while the executable is built, on made-up nodes that answer without a network. Functions that have
 * run once stay compiled in the snapshot, and modules and codecs that were needed once stay loaded: a user's command
 * starts with all that done. It leaves no trace but that: no file, no open handle, no exit status.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { main } from '../cli/main.ts';
import type { Sink } from '../cli/output/terminal.ts';
import type { OpenChannel } from '../cli/session.ts';
import { contractMethod } from '../proto/contract.ts';

/** A contexts file like one in use; its keys and certificates are never looked into. */
const CONTEXTS = `current: rehearsal
contexts:
  rehearsal:
    trust: |
      -----BEGIN CERTIFICATE-----
      AAAA
      -----END CERTIFICATE-----
    credential: |
      -----BEGIN PRIVATE KEY-----
      AAAA
      -----END PRIVATE KEY-----
      -----BEGIN CERTIFICATE-----
      AAAA
      -----END CERTIFICATE-----
    nodes:
      - name: web-1
        addresses: [127.0.0.1:7443]
        labels: { rack: a }
      - { name: web-2, addresses: ['[::1]:7443'] }
`;

/** What is run. Each ends without an error. */
const COMMANDS: readonly (readonly string[])[] = [
  ['--help'],
  ['version', '--all'],
  ['get', 'nodes', '-n', 'web-1'],
  ['diag', '--all'],
];

/** What is answered by more than an empty message: there is something to print then. */
const ANSWERS: Readonly<Record<string, object>> = {
  'nodectl.v1.DiagnosticsService/Diagnose': {
    node: 'web-1',
    findings: [
      {
        id: 'kernel.taint',
        severity: 'SEVERITY_INFO',
        certainty: 'CERTAINTY_CERTAIN',
        title: 'A rehearsal',
        subject: { kind: 'nic', name: 'eth0', attributes: { driver: 'e1000e' } },
        parameters: { flags: '1' },
        evidence: ['nothing was read'],
        remedy: { text: 'None.', risk: 'REMEDY_RISK_NONE' },
      },
    ],
    checks: [
      { id: 'kernel.taint', status: 'CHECK_STATUS_FINDINGS' },
      { id: 'nic.errors', status: 'CHECK_STATUS_SKIPPED', reason: 'ethtool is not installed' },
      { id: 'nic.duplex', status: 'CHECK_STATUS_NOT_APPLICABLE', reason: 'there is none' },
    ],
    problems: [{ what: 'ethtool', why: 'ethtool is not installed' }],
    traits: [{ name: 'kernel', value: '6.12' }],
  },
};

/** Answers every unary call with a message that has gone through the codecs, as a real answer does. */
const open: OpenChannel = async () => ({
  unary: async (method) => {
    const { request, response } = contractMethod(method);
    request.decode(request.encode({}));
    return response.decode(response.encode(ANSWERS[method] ?? {})) as never;
  },
  serverStream: () => {
    throw new Error('no command of the rehearsal reads a stream');
  },
  serverStreamBytes: () => {
    throw new Error('no command of the rehearsal reads a stream');
  },
  bidiStream: () => {
    throw new Error('no command of the rehearsal streams');
  },
  close: () => {},
});

const nowhere: Sink = { write: () => true, once: () => nowhere, on: () => nowhere };

/**
 * Runs the commands. Throws an Error when one of them fails.
 *
 * AbortSignal.any() is stood in for meanwhile: Node notes each of its signals in a finalisation registry, and V8 can make no
 * snapshot once one of those was collected.
 */
export async function rehearse(): Promise<void> {
  const { any } = AbortSignal;
  AbortSignal.any = () => new AbortController().signal;
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-rehearsal-'));
  const file = join(folder, 'config.yaml');
  try {
    // What calls real nodes is not run here, so it is compiled as it is loaded.
    setFlagsFromString('--no-lazy');
    await import('../proto/call/open.ts');
    setFlagsFromString('--lazy');
    writeFileSync(file, CONTEXTS, { mode: 0o600 });
    const stream = nowhere as unknown as NodeJS.WriteStream;
    for (const words of COMMANDS) {
      await main(words, { stdout: stream, stderr: stream, env: { NODECTL_CONFIG: file }, open });
      if (process.exitCode !== 0)
        throw new Error(`nodectl ${words.join(' ')} ended with ${process.exitCode}`);
    }
  } finally {
    AbortSignal.any = any;
    process.exitCode = undefined;
    rmSync(folder, { recursive: true });
  }
}
