/** What the figures were measured on. No names of the machine or of its folders: the report is published. */

import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { VERSION } from '../../../proto/version.ts';
import { onPath } from './process.ts';

/** Lines that tell the processor, the kernel and the versions of everything that was measured. */
export function machineFacts(): string[] {
  const processors = cpus();
  return [
    `${processors[0]?.model.trim() ?? 'an unknown processor'}, ${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
    `Linux ${release()}, Node ${process.versions.node}, OpenSSL ${process.versions.openssl} in it, nodectl ${VERSION}`,
    ...[
      version('ssh', ['-V']),
      version('ansible', ['--version']),
      version('parallel-ssh', ['--version'], 'pssh'),
      version('journalctl', ['--version']),
    ].filter((line) => line !== undefined),
    'Everything ran on this one machine over its loopback device, other work on it included.',
  ];
}

/** The first line of what a program says of its version, or undefined where it is not installed or does not say. */
function version(program: string, args: readonly string[], called = ''): string | undefined {
  if (!onPath(program)) return undefined;
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
  const [line = ''] = (stdout || stderr || '').split('\n');
  return line === '' ? undefined : `${called} ${line}`.trim();
}
