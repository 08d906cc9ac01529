/** A systemd unit as a resource: whether it is enabled, runs, or is masked. */

import type { Activation, ConfigHost, Difference, Resource } from './resource.ts';
import { systemctl } from './systemd.ts';

/** What the unit should be; what is undefined is left as it is. */
export interface WantedUnit {
  readonly name: string;
  readonly enabled?: boolean | undefined;
  readonly started?: boolean | undefined;
  readonly masked?: boolean | undefined;
  readonly after?: readonly string[];
  readonly activates?: readonly Activation[];
  readonly risksConnection?: boolean;
  /** Where the machine has no such unit, nothing is to be done, and that is well. */
  readonly ifPresent?: boolean;
}

/** What systemd says of it. */
interface UnitState {
  /** "enabled", "disabled", "static", "masked", "" where there is no such unit. */
  readonly file: string;
  /** "active", "inactive", "failed" … */
  readonly active: string;
}

const CHANGE_MS = 90_000;
const ASK_MS = 10_000;

/** The resource of a unit. */
export function unitResource(wanted: WantedUnit): Resource {
  const { name, enabled, started, masked } = wanted;
  return {
    id: `unit/${name}`,
    after: wanted.after ?? ['file/', 'user/', 'module/'],
    effect: 'live',
    risksConnection: wanted.risksConnection ?? false,
    activates: wanted.activates ?? [],
    observe: (host) => observe(host, name),
    same: (one, other) => sameUnit(one as UnitState, other as UnitState),
    compare: (snapshot) => compare(snapshot as UnitState, wanted),
    apply: async (host) => {
      const { signal } = new AbortController();
      const change = (...args: string[]) => systemctl(host, [...args, '--', name], signal, CHANGE_MS);
      if (masked !== undefined) {
        if (masked) await change('mask', '--now');
        else await change('unmask');
      }
      if (enabled !== undefined) await change(enabled ? 'enable' : 'disable');
      if (started !== undefined) await change(started ? 'start' : 'stop');
    },
    restore: async (host, snapshot) => {
      const { signal } = new AbortController();
      const change = (...args: string[]) => systemctl(host, [...args, '--', name], signal, CHANGE_MS);
      const before = snapshot as UnitState;
      const now = await observe(host, name);
      if (isMasked(now) && !isMasked(before)) await change('unmask');
      if (isMasked(before) && !isMasked(now)) await change('mask', '--now');
      if (isEnabled(before) !== isEnabled(now)) await change(isEnabled(before) ? 'enable' : 'disable');
      if (isActive(before) !== isActive(await observe(host, name)))
        await change(isActive(before) ? 'start' : 'stop');
    },
  };
}

async function observe(host: ConfigHost, name: string): Promise<UnitState> {
  const { signal } = new AbortController();
  const args = ['show', '--property=Id,UnitFileState,ActiveState,LoadState', '--', name];
  const { stdout } = await systemctl(host, args, signal, ASK_MS);
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  const load = value('LoadState');
  // Another name of a unit is decided on by the unit's own: what is done to the one is done to the other.
  const alias = value('Id') !== '' && value('Id') !== name;
  if (alias) return { file: '', active: value('ActiveState') };
  const file = load === 'masked' ? 'masked' : load === 'not-found' ? '' : value('UnitFileState') || 'static';
  return { file, active: value('ActiveState') };
}

const isMasked = ({ file }: UnitState) => file.startsWith('masked');
const isEnabled = ({ file }: UnitState) => file.startsWith('enabled');
const isActive = ({ active }: UnitState) =>
  active === 'active' || active === 'activating' || active === 'reloading';

/** A unit that failed and one that was stopped, one that starts and one that runs, are the same here. */
function sameUnit(one: UnitState, other: UnitState): boolean {
  return [isMasked, isEnabled, isActive].every((judge) => judge(one) === judge(other));
}

function compare(state: UnitState, { enabled, started, masked, ifPresent }: WantedUnit): Difference[] {
  if (state.file === '' && ifPresent) return [];
  const differences: Difference[] = [];
  const word = (yes: boolean, on: string, off: string) => (yes ? on : off);
  if (masked !== undefined && isMasked(state) !== masked)
    differences.push({
      field: 'masked',
      from: word(!masked, 'masked', 'not masked'),
      to: word(masked, 'masked', 'not masked'),
    });
  if (enabled !== undefined && isEnabled(state) !== enabled)
    differences.push({
      field: 'enabled',
      from: state.file || 'no such unit',
      to: word(enabled, 'enabled', 'disabled'),
    });
  if (started !== undefined && isActive(state) !== started)
    differences.push({
      field: 'started',
      from: state.active || 'unknown',
      to: word(started, 'active', 'inactive'),
    });
  return differences;
}
