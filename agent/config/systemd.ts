/** What the engine has systemd do. */

import { Failure } from '../../proto/failure.ts';
import type { ToolOutput } from '../host/machine.ts';
import type { Activation, ConfigHost } from './resource.ts';

const RESTART_MS = 90_000;
const RELOAD_MS = 30_000;
/** systemctl's exit status for a unit that is not there (systemctl(1), "Exit status"). */
const NO_SUCH_UNIT = 5;

/** systemd reads its unit files again. */
export const RELOAD_SYSTEMD: Activation = {
  id: 'systemd/reload',
  rank: 10,
  run: async (host, signal) => {
    await systemctl(host, ['daemon-reload'], signal, RELOAD_MS);
  },
};

/** A unit is restarted where it runs; one that does not run stays as it is. */
export function restartUnit(unit: string): Activation {
  return {
    id: `unit/${unit}/restart`,
    rank: 50,
    run: async (host, signal) => {
      // A unit whose file was taken away again has nothing to restart.
      await systemctl(host, ['try-restart', '--', unit], signal, RESTART_MS, [0, NO_SUCH_UNIT]);
    },
  };
}

/** A program is run for what it makes of changed files: update-ca-certificates, update-grub. */
export function runProgram(id: string, rank: number, program: string, args: readonly string[]): Activation {
  return {
    id,
    rank,
    run: async ({ machine }, signal) => {
      const { code, stderr } = await machine.run(program, args, { signal, timeoutMs: RESTART_MS });
      if (code === 0) return;
      const said = stderr.split('\n')[0] || `status ${code}`;
      throw new Failure('HOST_CHANGE_FAILED', `${program} failed: ${said}`);
    },
  };
}

/** Runs systemctl; `statuses` are those that are well. @throws Failure HOST_CHANGE_FAILED with what it said */
export async function systemctl(
  { machine }: ConfigHost,
  args: readonly string[],
  signal: AbortSignal,
  timeoutMs: number,
  statuses: readonly number[] = [0],
): Promise<ToolOutput> {
  const output = await machine.run('systemctl', ['--no-ask-password', ...args], { signal, timeoutMs });
  if (statuses.includes(output.code)) return output;
  const said = output.stderr.split('\n')[0] ?? '';
  throw new Failure(
    'HOST_CHANGE_FAILED',
    `systemctl ${args.join(' ')} failed: ${said || `status ${output.code}`}`,
    { hint: 'nodectl logs -p err shows what the unit said' },
  );
}
