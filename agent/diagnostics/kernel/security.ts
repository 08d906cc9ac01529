/** Secure boot, lockdown, and values of the kernel's build configuration. */

import { line, type Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { kernelIdentity } from './identity.ts';

/** What the boot was like. */
export interface BootSecurity {
  /** Whether it was started by UEFI firmware. */
  readonly efi: boolean;
  /** Undefined where the firmware does not tell. */
  readonly secureBoot: boolean | undefined;
  /** "none", "integrity", "confidentiality"; empty where the kernel has no lockdown. */
  readonly lockdown: string;
}

/** The variable of the global GUID of UEFI: four bytes of attributes and one of value. */
const SECURE_BOOT = 'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** The boot's security. Firmware is asked in a child process: it may take its time. */
export const bootSecurity = fact({
  id: 'kernel.boot-security',
  reads: [`/${SECURE_BOOT}`, '/sys/kernel/security/lockdown'],
  limitMs: 3_000,
  waits: true,
  read: async ({ machine, part }): Promise<BootSecurity> => {
    const files = machine.has(SECURE_BOOT)
      ? await part(`/${SECURE_BOOT}`, () => machine.slowFiles([SECURE_BOOT]))
      : undefined;
    const value = files?.get(SECURE_BOOT);
    const last = value === undefined || value.length < 5 ? undefined : value.charCodeAt(4);
    const lockdown = (await part('lockdown', () => line(machine, 'sys/kernel/security/lockdown'))) ?? '';
    return {
      efi: machine.has('sys/firmware/efi'),
      secureBoot: last === undefined ? undefined : last === 1,
      lockdown: /\[(\w+)\]/.exec(lockdown)?.[1] ?? '',
    };
  },
});

/** The options that the kernel was built with, "CONFIG_" left out: {"DETECT_HUNG_TASK": "y"}. */
export function parseConfig(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const row of text.split(/\r?\n/)) {
    const match = /^CONFIG_(\w+)=(.*)$/.exec(row);
    if (match?.[1]) options.set(match[1], (match[2] ?? '').replace(/^"(.*)"$/, '$1'));
  }
  return options;
}

const MAX_CONFIG = 2 << 20;

/** The kernel's build configuration. Absent where it is nowhere. */
export const kernelConfig = fact({
  id: 'kernel.config',
  reads: ['/proc/config.gz', '/boot/config-RELEASE', '/lib/modules/RELEASE/config'],
  limitMs: 4_000,
  read: async ({ machine, get }): Promise<ReadonlyMap<string, string>> => {
    const { release } = await get(kernelIdentity);
    const text =
      configFile(machine, release) ?? (machine.has('proc/config.gz') ? await unpacked(machine) : undefined);
    if (text === undefined)
      throw new Unavailable('absent', 'the kernel’s configuration is not kept on this machine');
    return parseConfig(text);
  },
});

function configFile(machine: Machine, release: string): string | undefined {
  if (!/^[\w.+~-]+$/.test(release)) return undefined;
  return machine.text(`boot/config-${release}`) ?? machine.text(`lib/modules/${release}/config`);
}

async function unpacked(machine: Machine): Promise<string> {
  const { code, stdout } = await machine.run('gzip', ['-d', '-c', '/proc/config.gz'], {
    maxBytes: MAX_CONFIG,
  });
  if (code !== 0) throw new Unavailable('nonsense', '/proc/config.gz could not be unpacked');
  return stdout;
}
