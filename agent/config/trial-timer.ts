/**
 * The deadline of a trial outside the agent: a timer of systemd that starts `nodectl-agent revert-config`. It stands on disk
 * until the trial has ended, so neither a crash of the agent nor a reboot loses it, and Persistent= makes up for a deadline
 * that passed while the node was off (systemd.timer(5)).
 */

import type { ConfigHost } from './resource.ts';
import { systemctl } from './systemd.ts';

const UNIT = 'nodectl-config-trial';
const FOLDER = '/etc/systemd/system';
/** The agent itself has this long before the timer does it in its place. */
const GRACE_MS = 15_000;
const SYSTEMCTL_MS = 30_000;

/** Arms and disarms the timer. */
export interface TrialTimer {
  /** Takes care that the trial of so many ms is put back after its deadline, ms since the epoch. @throws Failure HOST_CHANGE_FAILED */
  arm(deadlineMs: number, lengthMs: number): Promise<void>;
  /** The trial has ended. Never throws: a timer that fires without a trial does nothing. */
  disarm(): Promise<void>;
}

/** A timer of systemd, or undefined where the machine runs none. `command` starts the program that puts back. */
export function systemdTrialTimer(host: ConfigHost, command: readonly string[]): TrialTimer | undefined {
  if (!host.machine.has('run/systemd/system')) return undefined;
  const { signal } = new AbortController();
  const tell = (...args: string[]) => systemctl(host, args, signal, SYSTEMCTL_MS);
  const put = (suffix: string, lines: readonly string[]) =>
    host.files.set(`${FOLDER}/${UNIT}.${suffix}`, {
      kind: 'file',
      content: Buffer.from(`${lines.join('\n')}\n`),
      ...{ mode: 0o644, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    });
  return {
    arm: async (deadlineMs, lengthMs) => {
      const at = new Date(deadlineMs + GRACE_MS)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC');
      put('service', [
        '[Unit]',
        'Description=Puts back a config of nodectl that was tried and not confirmed',
        '[Service]',
        'Type=oneshot',
        `ExecStart=${command.map(quoted).join(' ')}`,
      ]);
      put('timer', [
        '[Unit]',
        'Description=Deadline of a config of nodectl that is being tried',
        '[Timer]',
        `OnCalendar=${at}`,
        // Should somebody set the clock back in the meantime, the time since then counts; after a reboot, since the boot.
        `OnActiveSec=${Math.ceil((lengthMs + GRACE_MS) / 1_000)}s`,
        'AccuracySec=1s',
        'Persistent=true',
        '[Install]',
        'WantedBy=timers.target',
      ]);
      await tell('daemon-reload');
      await tell('enable', '--', `${UNIT}.timer`);
      // It may have been armed for the same trial before: a timer that runs would keep its old deadline.
      await tell('restart', '--', `${UNIT}.timer`);
    },
    disarm: async () => {
      try {
        await tell('disable', '--now', '--', `${UNIT}.timer`);
        for (const suffix of ['timer', 'service'])
          host.files.set(`${FOLDER}/${UNIT}.${suffix}`, { kind: 'absent' });
        await tell('daemon-reload');
      } catch {
        // It fires once, finds no trial, and ends.
      }
    },
  };
}

/** A word of a command line as systemd.service(5) reads it. */
function quoted(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}
