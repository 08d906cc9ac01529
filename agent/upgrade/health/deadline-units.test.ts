/** The units of packaging/systemd under a real systemd: what reboots a node whose upgrade nobody confirms, and what must not. */

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { NspawnMachine, noNspawn } from '../../../test/support/nspawn.ts';

const UNITS = join(import.meta.dirname, '../../../packaging/systemd');
const FILE = 'var/lib/nodectl/upgrade/deadline';
const SYSTEM = 'etc/systemd/system';
/** Far longer than anything here takes. */
const LONG_MS = 60_000;
const skip = noNspawn() ?? false;

const deadline = (seconds: number, deployId = '42-ab') =>
  `NODECTL_SECONDS=${seconds}\nNODECTL_DEPLOY=nodectl.deploy=${deployId}\n`;

/** Boots a machine with the units and this deadline, lets the test look at it, and removes it. */
async function booted(
  file: string | undefined,
  look: (machine: NspawnMachine) => Promise<void>,
  more: { files?: Record<string, string>; commandLine?: string } = {},
): Promise<void> {
  const machine = new NspawnMachine();
  try {
    for (const unit of [
      'upgrade-deadline.service',
      'upgrade-expired.service',
      'upgrade-left.service',
      'emergency.timer',
      'emergency.service',
    ])
      machine.write(`${SYSTEM}/nodectl-${unit}`, readFileSync(join(UNITS, `nodectl-${unit}`), 'utf8'));
    for (const unit of ['deadline', 'left'])
      machine.enable(`nodectl-upgrade-${unit}.service`, 'sysinit.target');
    // What programs read as the kernel's command line would be the host's; systemd in a container takes its own.
    machine.write('etc/cmdline', `${more.commandLine ?? 'ro quiet nodectl.slot=b nodectl.deploy=42-ab'}\n`);
    machine.write(
      `${SYSTEM}/cmdline.service`,
      [
        '[Unit]\nDefaultDependencies=no\nBefore=nodectl-upgrade-deadline.service nodectl-upgrade-left.service',
        '[Service]\nType=oneshot\nExecStart=/bin/mount --bind /etc/cmdline /proc/cmdline\n',
      ].join('\n'),
    );
    machine.enable('cmdline.service', 'sysinit.target');
    machine.write('var/lib/nodectl/x', '');
    if (file !== undefined) machine.write(FILE, file);
    for (const [path, text] of Object.entries(more.files ?? {})) machine.write(path, text);
    const words = ['systemd.unit=basic.target', 'nodectl.slot=b'];
    await machine.start({}, { words, alone: true, upWith: 'basic.target' });
    await look(machine);
  } finally {
    await machine.stop();
  }
}

const waits = async (machine: NspawnMachine) =>
  (await machine.run('systemctl', 'is-active', 'nodectl-upgrade-deadline.service')).trim();

test('an image that nobody confirms is left by a reboot', { skip }, () =>
  booted(deadline(2), async (machine) => {
    assert.equal(await machine.end(LONG_MS), 'restarted');
    const { root } = machine;
    assert.equal(readFileSync(join(root, 'var/lib/nodectl/upgrade/expired'), 'utf8'), deadline(2));
  }),
);

test('an image that was left once is not waited for again, and another one is', { skip }, async () => {
  const left = (deployId: string) => ({
    files: { 'var/lib/nodectl/upgrade/expired': deadline(600, deployId) },
  });
  await booted(
    deadline(600),
    async (machine) => assert.equal(await machine.end(LONG_MS), 'restarted'),
    left('42-ab'),
  );
  for (const deployId of ['41-ab', '42-abc', ''])
    await booted(
      deadline(600),
      async (machine) => {
        assert.equal(await waits(machine), 'active');
        assert.equal(await machine.end(1_500), 'runs');
      },
      left(deployId),
    );
});

test('a confirmed one stays: the file is gone before the time is over', { skip }, () =>
  booted(deadline(3), async (machine) => {
    assert.equal(await waits(machine), 'active');
    rmSync(join(machine.root, FILE));
    assert.equal(await machine.end(5_000), 'runs');
    assert.equal(await waits(machine), 'inactive');
  }),
);

test('the agent stops the waiting, which reboots nothing once the file is gone', { skip }, () =>
  booted(deadline(600), async (machine) => {
    rmSync(join(machine.root, FILE));
    await machine.run('systemctl', 'stop', 'nodectl-upgrade-deadline.service');
    assert.equal(await machine.end(1_500), 'runs');
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
      async (machine) => {
        assert.equal(await waits(machine), 'inactive');
        assert.equal(await machine.end(2_000), 'runs');
      },
      { commandLine },
    );
});

test('a damaged file holds for the deployment that runs, with the time of the unit', { skip }, async () => {
  for (const file of ['', '\0\0\0\0', 'NODECTL_SECONDS=5'])
    await booted(file, async (machine) => {
      assert.equal(await waits(machine), 'active');
      const shown = await machine.run(
        'systemctl',
        'show',
        '--property=ExecMainStatus',
        'nodectl-upgrade-deadline',
      );
      assert.equal(shown.trim(), 'ExecMainStatus=0');
    });
});

test('a waiting that is killed reboots at once: nobody guards the node any more', { skip }, () =>
  booted(deadline(600), async (machine) => {
    await machine.run('systemctl', 'kill', '--signal=KILL', 'nodectl-upgrade-deadline.service');
    assert.equal(await machine.end(LONG_MS), 'restarted');
  }),
);

test('a node on trial can be powered off', { skip }, () =>
  booted(deadline(600), async (machine) => {
    assert.equal(await waits(machine), 'active');
    await machine.run('systemctl', '--no-block', 'poweroff');
    assert.equal(await machine.end(LONG_MS), 'powered off');
  }),
);

test('a disk that can no longer be written to: what the agent leaves in /run keeps this boot', { skip }, () =>
  booted(deadline(3), async (machine) => {
    await machine.run('touch', '/run/nodectl-upgrade-over');
    assert.equal(await machine.end(5_000), 'runs');
  }),
);

test('a node in emergency mode reboots after a while, and keeps its deadline', { skip }, async () => {
  // Five minutes are more than a test should take.
  const quick = '[Timer]\nOnActiveSec=\nOnActiveSec=2\n';
  const wanted = '[Unit]\nWants=nodectl-emergency.timer\n';
  const files = {
    'etc/systemd/system/nodectl-emergency.timer.d/quick.conf': quick,
    'etc/systemd/system/emergency.target.d/nodectl.conf': wanted,
    'etc/systemd/system/emergency.service.d/quiet.conf':
      '[Service]\nExecStart=\nExecStart=/bin/sleep 60\nExecStartPre=\n',
  };
  await booted(
    undefined,
    async (machine) => {
      await machine.run('systemctl', '--no-block', 'start', 'emergency.target');
      assert.equal(await machine.end(LONG_MS), 'restarted');
    },
    { files },
  );
  await booted(
    deadline(600),
    async (machine) => {
      await machine.run('systemctl', '--no-block', 'start', 'emergency.target');
      await wait(500);
      assert.equal(await waits(machine), 'active');
    },
    { files },
  );
});
