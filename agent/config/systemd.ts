/** What the engine has systemd do after a change. */

import { Failure } from '../../proto/failure.ts';
import type { ToolOutput } from '../host/machine.ts';
import type { Activation, ConfigHost } from './resource.ts';

const RESTART_MS = 90_000;

/** A unit is restarted where it runs; one that does not run stays as it is. */
export function restartUnit(unit: string): Activation {
  return {
    id: `unit/${unit}/restart`,
    rank: 50,
    run: (host, signal) =>
      systemctl(host, ['try-restart', '--', unit], signal, RESTART_MS).then(() => undefined),
  };
}

/** Runs systemctl. @throws Failure HOST_CHANGE_FAILED with what it said */
export async function systemctl(
  { machine }: ConfigHost,
  args: readonly string[],
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ToolOutput> {
  const output = await machine.run('systemctl', ['--no-ask-password', ...args], { signal, timeoutMs });
  if (output.code === 0) return output;
  const said = output.stderr.split('\n')[0] ?? '';
  throw new Failure(
    'HOST_CHANGE_FAILED',
    `systemctl ${args.join(' ')} failed: ${said || `status ${output.code}`}`,
    {
      hint: 'nodectl logs -p err shows what the unit said',
    },
  );
}
