/** Upgrades of a real machine that starts by GRUB: confirmed, a rollback that is aborted, and falling back by itself from images that panic, have no init, a dead agent, hang, stand still, or are no file system. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { vmMissing } from './node-image.ts';
import { UpgradeTrial } from './upgrade-trial.ts';

const skip = vmMissing() ?? false;
/** Why an image was left whose agent did nothing. */
const LEFT = /slot a started, and until its deadline there was no agent/;
let trial: UpgradeTrial;

before(async () => {
  if (!skip) trial = await UpgradeTrial.make('grub-efi');
});
after(() => trial?.remove());

test('an upgrade is confirmed', { skip }, async () => {
  await trial.runs('a', '1.0.0');
  const { status, stdout, stderr } = await trial.upgrade('2.0.0');
  assert.equal(status, 0, stdout + stderr + trial.fleet.vm.console);
  trial.running = '2.0.0';
  await trial.runs('b', '2.0.0');
});

test('a rollback that is armed and aborted leaves both slots as they were', { skip }, () =>
  trial.abortsRollback(),
);

test('falls back from an image that panics, and shows its last words', { skip }, (t) =>
  trial.fallsBack(t, 'panic', {
    ...{ tries: 2, why: /slot a was tried 2 times/ },
    log: /this image panics(.|\n)*sysrq triggered crash/,
  }),
);

test('falls back from an image without init, of which there is no log', { skip }, (t) =>
  trial.fallsBack(t, 'no-init', { tries: 1, why: /slot a was tried once/, log: /left no log/ }),
);

// The second try ends at once, and leaves the log of the first.
test('falls back from an image whose agent is dead', { skip }, (t) =>
  trial.fallsBack(t, 'dead-agent', { tries: 2, deadline: '30s', why: LEFT, log: /nodectl-upgrade-expired/ }),
);

test('falls back from an image whose start hangs', { skip }, (t) =>
  trial.fallsBack(t, 'hang', { tries: 1, deadline: '30s', why: LEFT, log: /nodectl-upgrade-expired/ }),
);

test('falls back from an image that is no file system', { skip }, (t) =>
  trial.fallsBack(t, 'no-file-system', { tries: 1, why: /slot a was tried once/ }),
);

// Not even systemd runs, which would keep the deadline: the watchdog ends it that early-init started.
test('falls back from an image that stands still before systemd', { skip }, (t) =>
  trial.fallsBack(t, 'standstill', { tries: 1, why: /slot a was tried once/ }),
);
