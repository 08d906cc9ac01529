/** The units of packaging/systemd under a real systemd: what reboots a node whose upgrade nobody confirms, and what must not. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { noContainers, SystemdContainer } from './testing-systemd.ts';

const units = join(import.meta.dirname, '../../../packaging/systemd');
const FILE = '/var/lib/nodectl/upgrade/deadline';
const skip = noContainers() ?? false;

const deadline = (seconds: number, deployId = '42-ab') =>
  `NODECTL_SECONDS=${seconds}\nNODECTL_DEPLOY=nodectl.deploy=${deployId}\n`;

/** Boots a container with the units and this deadline, lets the test look at it, and removes it. */
async function booted(
  file: string | undefined,
  look: (container: SystemdContainer) => Promise<void>,
  more: { files?: Record<string, string>; commandLine?: string } = {},
): Promise<void> {
  const container = await SystemdContainer.start({
    units: {
      [join(units, 'nodectl-upgrade-deadline.service')]: true,
      [join(units, 'nodectl-upgrade-expired.service')]: false,
      [join(units, 'nodectl-emergency.timer')]: false,
      [join(units, 'nodectl-emergency.service')]: false,
    },
    files: { ...(file === undefined ? { '/var/lib/nodectl/x': '' } : { [FILE]: file }), ...more.files },
    commandLine: more.commandLine ?? 'ro quiet nodectl.slot=b nodectl.deploy=42-ab',
  });
  try {
    await look(container);
  } finally {
    await container.remove();
  }
}

const waits = (container: SystemdContainer) =>
  container.run('systemctl', 'is-active', 'nodectl-upgrade-deadline.service');

test('an image that nobody confirms is left by a reboot', { skip }, () =>
  booted(deadline(2), async (container) => {
    assert.equal(await container.end(), 'rebooted');
  }),
);

test('a confirmed one stays: the file is gone before the time is over', { skip }, () =>
  booted(deadline(3), async (container) => {
    assert.equal(await waits(container), 'active');
    rmSync(join(container.root, FILE));
    assert.equal(await container.end(5_000), 'runs');
    assert.equal(await waits(container), 'inactive');
    assert.equal(await container.run('systemctl', 'is-failed', 'nodectl-upgrade-*.service'), '');
  }),
);

test('the agent stops the waiting, which reboots nothing once the file is gone', { skip }, () =>
  booted(deadline(600), async (container) => {
    rmSync(join(container.root, FILE));
    await container.run('systemctl', 'stop', 'nodectl-upgrade-deadline.service');
    assert.equal(await container.end(1_500), 'runs');
  }),
);

test('nothing is on trial in the slot before, in a deployment of a like id, and without a file', {
  skip,
}, async () => {
  for (const [file, commandLine] of [
    [deadline(1), 'ro nodectl.slot=a nodectl.deploy=41'],
    [deadline(1), 'ro nodectl.slot=a nodectl.deploy=42-abc'],
    [deadline(1), 'ro quiet'],
    [undefined, 'ro nodectl.slot=b nodectl.deploy=42-ab'],
  ] as const)
    await booted(
      file,
      async (container) => {
        assert.equal(await waits(container), 'inactive');
        assert.equal(await container.end(2_000), 'runs');
      },
      { commandLine },
    );
});

test('a damaged file holds for the deployment that runs, with the time of the unit', { skip }, async () => {
  for (const file of ['', '\0\0\0\0', 'NODECTL_SECONDS=5'])
    await booted(file, async (container) => {
      assert.equal(await waits(container), 'active');
      const shown = await container.run(
        'systemctl',
        'show',
        '--property=ExecMainStatus',
        'nodectl-upgrade-deadline',
      );
      assert.equal(shown, 'ExecMainStatus=0');
    });
});

test('a waiting that is killed reboots at once: nobody guards the node any more', { skip }, () =>
  booted(deadline(600), async (container) => {
    await container.run('systemctl', 'kill', '--signal=KILL', 'nodectl-upgrade-deadline.service');
    assert.equal(await container.end(), 'rebooted');
  }),
);

test('a node on trial can be powered off', { skip }, () =>
  booted(deadline(600), async (container) => {
    assert.equal(await waits(container), 'active');
    await container.run('systemctl', '--no-block', 'poweroff');
    assert.equal(await container.end(), 'powered off');
  }),
);

test('a disk that can no longer be written to: what the agent leaves in /run keeps this boot', { skip }, () =>
  booted(deadline(3), async (container) => {
    await container.run('touch', '/run/nodectl-upgrade-over');
    assert.equal(await container.end(5_000), 'runs');
  }),
);

test('a node in emergency mode reboots after a while, and keeps its deadline', { skip }, async () => {
  // Five minutes are more than a test should take.
  const quick = '[Timer]\nOnActiveSec=\nOnActiveSec=2\n';
  const wanted = '[Unit]\nWants=nodectl-emergency.timer\n';
  const files = {
    '/etc/systemd/system/nodectl-emergency.timer.d/quick.conf': quick,
    '/etc/systemd/system/emergency.target.d/nodectl.conf': wanted,
    '/etc/systemd/system/emergency.service.d/quiet.conf':
      '[Service]\nExecStart=\nExecStart=/bin/sleep 60\nExecStartPre=\n',
  };
  await booted(
    undefined,
    async (container) => {
      await container.run('systemctl', '--no-block', 'start', 'emergency.target');
      assert.equal(await container.end(), 'rebooted');
    },
    { files },
  );
  await booted(
    deadline(600),
    async (container) => {
      await container.run('systemctl', '--no-block', 'start', 'emergency.target');
      await wait(500);
      assert.equal(await waits(container), 'active');
    },
    { files },
  );
});
