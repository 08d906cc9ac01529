/** How a node with systemd restarts, and what the boot before left in its logs. */

import { Failure } from '../../proto/failure.ts';
import { BOOT_ID_PATH, compactId } from '../host/boot-id.ts';
import type { Machine } from '../host/machine.ts';
import type { BootControl } from './hooks.ts';

const SYSTEMCTL_MS = 30_000;
const JOURNALCTL_MS = 20_000;
const FIELDS = 'MESSAGE,SYSLOG_IDENTIFIER,_BOOT_ID';
/** Where systemd-pstore(8) keeps what a crashing kernel left in the firmware, a folder a crash, named by its time. */
const PSTORE = 'var/lib/systemd/pstore';
/** What stands before each record of a crash: its name by systemd-pstore, and which part it is by the kernel. */
const RECORD = /^(?:dmesg-[^ ]+:|[A-Z][A-Za-z]*#\d+ Part\d+)$/;

/** The restarts of a machine. */
export function bootControl(machine: Machine): BootControl {
  return {
    bootId: () => compactId(machine.text(BOOT_ID_PATH) ?? ''),
    reboot: async () => {
      try {
        // Through systemd, so that what runs ends in good order, and through the firmware: kexec hides an image that it cannot boot.
        const { code, stderr } = await machine.run(
          'systemctl',
          ['--no-ask-password', '--no-wall', 'reboot'],
          {
            timeoutMs: SYSTEMCTL_MS,
          },
        );
        if (code === 0) return;
        throw new Error(stderr.split('\n', 1)[0] || `systemctl ended with ${code}`);
      } catch (cause) {
        throw new Failure('UPGRADE_REBOOT_FAILED', `systemctl reboot: ${(cause as Error).message}`, {
          hint: 'restart the node by hand; the boot loader takes the new slot',
          cause,
        });
      }
    },
    previousLog: async (most, before, sinceMs) => {
      const [journal, crash] = [await journalOf(machine, most, before), crashOf(machine, most, sinceMs)];
      if (journal.length + crash.length > 0) return [...journal, ...crash].slice(-most);
      return ['(the failed boots left no log: they ended before the journal was on disk)'];
    },
  };
}

/** The tail of the journal of the boot before, unless that is one that is known to have gone well. */
async function journalOf(machine: Machine, most: number, before: string): Promise<string[]> {
  try {
    const args = ['--boot=-1', `--lines=${most}`, '--output=json', `--output-fields=${FIELDS}`, '--quiet'];
    const { code, stdout } = await machine.run('journalctl', ['--no-pager', ...args], {
      timeoutMs: JOURNALCTL_MS,
    });
    if (code !== 0) return [];
    return stdout.split('\n').flatMap((line) => {
      if (line === '') return [];
      const { MESSAGE, SYSLOG_IDENTIFIER, _BOOT_ID } = JSON.parse(line) as Record<string, unknown>;
      if (_BOOT_ID === before || typeof MESSAGE !== 'string') return [];
      return [`${typeof SYSLOG_IDENTIFIER === 'string' ? `${SYSLOG_IDENTIFIER}: ` : ''}${plain(MESSAGE)}`];
    });
  } catch {
    return [];
  }
}

/**
 * The last lines of the newest crash that the firmware kept, unless it is known to be older than the upgrade. EFI, which most machines
 * keep them by, numbers crashes by their time (drivers/firmware/efi/efi-pstore.c), and systemd-pstore takes the first nine digits of
 * it, which are tens of seconds, as the folder's name.
 */
function crashOf(machine: Machine, most: number, sinceMs: number): string[] {
  try {
    const newest = machine
      .list(PSTORE)
      .filter((name) => /^\d+$/.test(name))
      .sort((a, b) => Number(a) - Number(b))
      .at(-1);
    if (newest === undefined) return [];
    if (newest.length === 9 && (Number(newest) + 1) * 10_000 < sinceMs) return [];
    return (machine.text(`${PSTORE}/${newest}/dmesg.txt`) ?? '')
      .split('\n')
      .filter((line) => line !== '' && !RECORD.test(line))
      .slice(-most)
      .map((line) => plain(line.replace(/^<\d+>/, '')));
  } catch {
    return [];
  }
}

/** Text of another boot, which is shown on terminals. */
function plain(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, ' ');
}
