/** What holds of package-lock.json, so that `npm ci` of every npm takes it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import lock from '../../package-lock.json' with { type: 'json' };

/** What this test reads of one entry of the lock's `packages`. */
type Locked = {
  readonly version?: string;
  /** Where it is; the link to a workspace has this alone. */
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string | undefined>>;
};

test('the lock has an entry for the package of every platform, also where a registry has none', () => {
  // npm 11 refuses a lock with gaps ("Missing: … from lock file"); npm 10 lets them pass, so they go unnoticed there.
  const packages: Readonly<Record<string, Locked>> = lock.packages;
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      )
      .map((name) => `${name}, wanted by ${path}`),
  );
  assert.deepEqual(missing, []);
});
