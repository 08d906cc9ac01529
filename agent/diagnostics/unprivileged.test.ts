/** An agent without rights: what it may not read is told as that, and its checks are not "ok". */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { test } from 'node:test';
import type { ToolOutput } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';
import { MemoryMachine } from '../sim/memory-machine.ts';
import { journalRefused, processesHidden } from './hidden.ts';
import { CHECKS } from './registry.ts';
import { machineOf, reportOf, statuses } from './testing.ts';

const HINT =
  'Hint: You are currently not seeing messages from other users and the system.\n' +
  '      Users in groups ‘adm’, ‘systemd-journal’ can see all messages.\n';

/** A machine whose logs may not be read, and whose processes are hidden. */
class Closed extends MemoryMachine {
  constructor() {
    super({
      files: new Map([
        ['proc/mounts', 'proc /proc proc rw,relatime,hidepid=invisible 0 0\n'],
        ['var/log/journal/0123/system.journal', ''],
        ['proc/4711/stat', '4711 (node) S 1 1 1\n'],
        ['proc/4711/comm', 'node\n'],
      ]),
      ...{ links: new Map(), tools: new Map() },
    });
  }

  override kernelLogs(): never {
    throw new Unavailable('denied', '/dev/kmsg may not be read: the agent needs root or CAP_SYSLOG');
  }

  override async run(program: string, args: readonly string[]): Promise<ToolOutput> {
    if (program !== 'journalctl') return super.run(program, args);
    return { code: 0, stdout: '-- No entries --\n', stderr: args.includes('-q') ? '' : HINT };
  }
}

test('logs that may not be read and processes that are hidden are told, and nothing is said to be well', async () => {
  const report = await reportOf(CHECKS, new Closed());
  const ended = statuses(report);
  for (const id of [
    'kernel.log-crashes',
    'nic.log-link-flaps',
    'system.processes-stuck',
    'clock.no-daemon',
    'system.journal-large',
  ])
    assert.equal(ended[id], 'skipped', id);
  assert.deepEqual(
    report.checks.filter(({ id, status }) => /previous|unclean|crashed/.test(id) && status === 'ok'),
    [],
  );
  const told = new Map(report.problems.map(({ kind, why }) => [why, kind]));
  for (const why of [/CAP_SYSLOG/, /group systemd-journal/, /CAP_SYS_PTRACE/])
    assert.ok(
      [...told].some(([text, kind]) => kind === 'denied' && why.test(text)),
      `${why} is not told: ${[...told.keys()].join('; ')}`,
    );
});

test('a /proc that hides nothing, or not from this agent, is none that hides', () => {
  const mounted = (options: string, more = {}) =>
    processesHidden(machineOf({ files: { 'proc/mounts': `proc /proc proc rw,${options} 0 0\n`, ...more } }));
  assert.equal(mounted('relatime'), undefined);
  assert.equal(mounted('hidepid=off'), undefined);
  assert.equal(mounted('hidepid=2', { 'proc/1/stat': '1 (systemd) S 0 1 1\n' }), undefined);
  assert.equal(mounted('gid=5,hidepid=2')?.kind, 'denied');
  assert.equal(journalRefused('-- No entries --'), undefined);
  assert.equal(
    journalRefused('No journal files were opened due to insufficient permissions.')?.kind,
    'denied',
  );
});

/** Why this machine cannot show it; undefined where it can. */
function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can become somebody without rights';
  try {
    accessSync('/usr/bin/setpriv', constants.X_OK);
    const read = "require('node:fs').readFileSync(process.argv[1])";
    execFileSync('/usr/bin/setpriv', [...NOBODY, process.execPath, '-e', read, import.meta.filename], {
      stdio: 'ignore',
    });
  } catch {
    return 'there is no setpriv (util-linux), or the checkout may be read by root alone';
  }
  return undefined;
}

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];

test('as nobody on this machine, nothing that may not be read is said to be well', {
  skip: missing(),
}, () => {
  const program = `
    const { DiagnosticsDomain } = await import(${JSON.stringify(`${import.meta.dirname}/domain.ts`)});
    const { LiveMachine } = await import(${JSON.stringify(`${import.meta.dirname}/../host/live-machine.ts`)});
    const machine = new LiveMachine();
    let kernelLog = 'read';
    try { for (const log of machine.kernelLogs()) log.close(); } catch (error) { kernelLog = error.kind; }
    const report = await new DiagnosticsDomain({ node: 'x', machine }).diagnose({ areas: [], ids: [] }, new AbortController().signal);
    process.stdout.write(JSON.stringify({ ...report, kernelLog }));`;
  const { kernelLog, checks, problems } = JSON.parse(
    execFileSync(
      '/usr/bin/setpriv',
      [...NOBODY, process.execPath, '--input-type=module', '--no-warnings', '-e', program],
      { encoding: 'utf8', maxBuffer: 16 << 20, cwd: '/' },
    ),
  ) as {
    kernelLog: string;
    checks: { id: string; status: string; reason: string }[];
    problems: { what: string; kind: string; why: string }[];
  };
  assert.ok(checks.length > 200, `${checks.length} checks`);
  const crashes = checks.find(({ id }) => id === 'kernel.log-crashes');
  // Where the kernel lets everybody read its log (dmesg_restrict is 0), or the machine has none, that is told as it is.
  const expected: Record<string, string> = { denied: 'skipped', absent: 'not-applicable' };
  const status = crashes?.status === 'findings' ? 'ok' : crashes?.status;
  assert.equal(status, expected[kernelLog] ?? 'ok', `the kernel’s log: ${kernelLog}; ${crashes?.reason}`);
  for (const { kind, why, what } of problems)
    if (kind === 'denied') assert.match(why, /need|may not/, `${what}: ${why}`);
});
