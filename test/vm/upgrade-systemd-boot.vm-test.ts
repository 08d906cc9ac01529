/**
 * Upgrades of a real machine that starts by systemd-boot: a power cut in the middle of the transfer costs what was under way, a new
 * image is confirmed, a rollback is aborted, and the machine falls back by itself from images that panic, have no init, a dead agent, or hang.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { vmMissing } from './node-image.ts';
import { UpgradeTrial } from './upgrade-trial.ts';

const skip = vmMissing() ?? false;
/** Why an image was left whose agent did nothing. */
const LEFT = /slot a started, and until its deadline there was no agent/;
let trial: UpgradeTrial;

before(async () => {
  if (!skip) trial = await UpgradeTrial.make('systemd-boot');
});
after(() => trial?.remove());

test('an upgrade outlives a power cut, and the new image is confirmed', { skip }, async (t) => {
  await trial.runs('a', '1.0.0');
  const upgrading = trial.upgrade('2.0.0');
  let cutAt = 0;
  await trial.fleet.until('a part of the image is on the disk', async () => {
    const now = await trial.told('upgrade', 'status');
    cutAt = now?.progress?.writtenBytes ?? 0;
    // So little differs that a slow answer may come when all of it is there.
    return (now?.state === 'transferring' && cutAt > 0) || now?.state === 'verifying';
  });
  await trial.cutPower();
  const { status, stdout, stderr } = await upgrading;
  assert.equal(status, 0, stdout + stderr + trial.fleet.vm.console);
  trial.running = '2.0.0';
  const { progress } = (await trial.told('upgrade', 'history', '--tail', '1')) ?? {};
  t.diagnostic(`cut at ${cutAt} bytes; in all ${JSON.stringify(progress)}`);
  await trial.runs('b', '2.0.0');
});

test('a rollback that is armed and aborted leaves both slots as they were', { skip }, () =>
  trial.abortsRollback(),
);

test('falls back from an image that panics, and shows its last words', { skip }, (t) =>
  trial.fallsBack(t, 'panic', {
    ...{ tries: 2, why: /slot a was tried 2 times and did not come up/ },
    log: /this image panics(.|\n)*sysrq triggered crash/,
  }),
);

test('falls back from an image without init, of which there is no log', { skip }, (t) =>
  trial.fallsBack(t, 'no-init', { tries: 1, why: /slot a was tried once/, log: /left no log/ }),
);

test('falls back from an image whose agent is dead', { skip }, (t) =>
  trial.fallsBack(t, 'dead-agent', { tries: 3, deadline: '30s', why: LEFT, log: /nodectl-upgrade-expired/ }),
);

test('falls back from an image whose start hangs', { skip }, (t) =>
  trial.fallsBack(t, 'hang', { tries: 3, deadline: '30s', why: LEFT, log: /nodectl-upgrade-expired/ }),
);
