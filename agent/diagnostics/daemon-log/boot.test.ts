/** What inits and the checks of file systems write while a machine comes up, in logs and on the console: troubles, and what is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const AT = 'Mar 01 10:00:01 n1 systemd[1]:';
const DATA = ['warning system.log-not-mounted /srv/data'];

for (const [what, text, expected] of [
  ['a mount that failed', `${AT} Failed to mount /srv/data.\n`, DATA],
  ['the same since 249', `${AT} Failed to mount srv-data.mount - /srv/data.\n`, DATA],
  [
    'what a mount needs',
    `${AT} Dependency failed for /srv/data.\n${AT} srv-data.mount: Job srv-data.mount/start failed with result 'dependency'.\n`,
    ['warning system.log-dependency /srv/data'],
  ],
  [
    'a mount that came at last',
    `${AT} Failed to mount /srv/data.\n${AT} Dependency failed for /srv/data.\n${AT} Mounted /srv/data.\n`,
    [],
  ],
  ['a service that came at last', `${AT} Dependency failed for Web Server.\n${AT} Started Web Server.\n`, []],
  [
    'a service that is restarted for ever',
    `${AT} app.service: Service hold-off time over, scheduling restart.\n${AT} app.service: Scheduled restart job, restart counter is at 481.\n`,
    ['warning system.log-unit-restarts app.service'],
  ],
  [
    'one that was restarted twice, and a terminal that people left',
    `${AT} app.service: Scheduled restart job, restart counter is at 2.\n${AT} getty@tty1.service: Scheduled restart job, restart counter is at 31.\n`,
    [],
  ],
  [
    'systemd on the console',
    "[FAILED] Failed to start Web Server.\nSee 'systemctl status web.service' for details.\n[FAILED] Failed to mount /srv/data.\n[DEPEND] Dependency failed for Local File Systems.\n[ TIME ] Timed out waiting for device /dev/sdx1.\n[  OK  ] Reached target Timers.\n",
    [
      'warning system.log-dependency Local File Systems',
      'warning system.log-device-missing sdx1',
      'warning system.log-not-mounted /srv/data',
      'warning system.log-unit-failed Web Server',
    ],
  ],
  [
    'its colours',
    '\u001b[[0;1;31mFAILED\u001b[0m] Failed to start \u001b[0;1;39mWeb Server\u001b[0m.\n'.replace(
      '\u001b[[',
      '[\u001b[',
    ),
    ['warning system.log-unit-failed Web Server'],
  ],
  [
    'a console that is well',
    '[  OK  ] Started Web Server.\n[  OK  ] Mounted /srv/data.\n[  OK  ] Reached target Local File Systems.\n',
    [],
  ],
  [
    'one that came at last on the console',
    '[FAILED] Failed to start Web Server.\n[  OK  ] Started Web Server.\n',
    [],
  ],
  [
    'init of RHEL 6',
    'Starting sshd: [FAILED]\nStarting crond: [  OK  ]\n',
    ['warning system.log-unit-failed sshd'],
  ],
  [
    'OpenRC',
    ' * Starting sshd ...\t[ !! ]\n * Starting crond ...\t[ ok ]\n',
    ['warning system.log-unit-failed sshd'],
  ],
  [
    'init of Debian 7',
    '[FAIL] Starting web server: apache2 failed!\n[ ok ] Starting periodic command scheduler: cron.\n',
    ['warning system.log-unit-failed web server: apache2'],
  ],
  [
    'fsck at boot',
    'Mar 01 10:00:01 n1 systemd-fsck[212]: /dev/sdb1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\nMar 01 10:00:01 n1 systemd-fsck[212]: fsck failed with error code 4.\n',
    ['critical disk.fsck sdb1', 'critical disk.log-fsck', 'critical disk.log-fsck sdb1'],
  ],
  [
    'fsck through logger',
    '2025 Jan 19 20:12:21.859805 n1 NOTICE FSCK: /img/log.ext4 contains a file system with errors, check forced.\n2025 Jan 19 20:12:21.860145 n1 NOTICE FSCK: /img/log.ext4: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n',
    ['critical disk.log-fsck /img/log.ext4'],
  ],
  [
    'fsck that found nothing, and one that mended what it found',
    'Mar 01 10:00:01 n1 systemd-fsck[212]: /dev/sdb1: clean, 11/65536 files, 12644/262144 blocks\nMar 01 10:00:02 n1 systemd-fsck[213]: /dev/sdc1: recovering journal\nMar 01 10:00:02 n1 systemd-fsck[213]: fsck failed with error code 1.\n',
    [],
  ],
  [
    'the shell of an initramfs',
    '(initramfs): /dev/sdb1 contains a file system with errors, check forced.\nInodes that were part of a corrupted orphan linked list found.\n/dev/sdb1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n\t(i.e., without -a or -p options)\nfsck exited with status code 4\nThe root filesystem on /dev/sdb1 requires a manual fsck\n',
    ['critical disk.fsck sdb1'],
  ],
  [
    'dracut',
    'Warning: dracut-initqueue: timeout, still waiting for following initqueue hooks:\nGenerating "/run/initramfs/rdsosreport.txt"\nEntering emergency mode. Exit the shell to continue.\n',
    ['critical system.log-boot-shell'],
  ],
  [
    'initramfs-tools',
    'Gave up waiting for root file system device.  Common problems:\nALERT!  UUID=0bff3b54-cee5-4415-b8a5-11e8a946c641 does not exist.  Dropping to a shell!\n',
    ['critical system.log-boot-shell'],
  ],
  [
    'mkinitcpio',
    "ERROR: device 'UUID=0bff3b54-cee5' not found. Skipping fsck.\nYou are now being dropped into an emergency shell.\n",
    ['critical system.log-boot-shell'],
  ],
  [
    'an init of another kind',
    '=> Init system encountered an error, starting emergency shell.\n',
    ['critical system.log-boot-shell'],
  ],
  [
    'a page about it',
    'This is what emergency mode is for: a shell in which the file system can be mended.\n',
    [],
  ],
  [
    'a check that could not run',
    'Mar 01 10:00:01 n1 systemd-fsck[718]: fsck failed with exit status 16.\n',
    ['warning disk.log-fsck-not-run'],
  ],
  [
    'a status whose mark is lost',
    'web.service - Web Server\n   Loaded: loaded (/usr/lib/systemd/system/web.service; enabled)\n   Active: failed (Result: start-limit) since Thu 2017-07-13 13:45:01 IST; 8s ago\n\nJul 13 13:45:01 n1 systemd[1]: start request repeated too quickly for web.service\n',
    ['warning system.log-unit-failed web.service', 'warning system.unit-failed web.service'],
  ],
  [
    'its second row alone',
    '[root@n1 ~]# systemctl status kubelet | grep Active\n   Active: failed (Result: exit-code) since Thu 2017-07-13 13:45:01 IST; 8s ago\n',
    ['warning system.unit-failed kubelet.service'],
  ],
  [
    'the same, well',
    'web.service - Web Server\n   Loaded: loaded (/usr/lib/systemd/system/web.service; enabled)\n   Active: active (running) since Thu 2017-07-13 13:45:01 IST; 8s ago\n',
    [],
  ],
  [
    'journalctl --verify',
    '# journalctl --verify\n390c30: Invalid object contents: Bad message\nFile corruption detected at /var/log/journal/aa/system.journal:390c30 (of 8388609 bytes, 44%).\nFAIL: /var/log/journal/aa/system.journal (Bad message)\nPASS: /var/log/journal/aa/user-1000.journal\n',
    ['warning system.journal-damaged'],
  ],
  [
    'one that is well',
    'PASS: /var/log/journal/aa/system.journal\nPASS: /var/log/journal/aa/user-1000.journal\n',
    [],
  ],
  [
    'one that journald put aside',
    'FAIL: /var/log/journal/aa/system@0005.journal~ (Bad message)\n',
    ['info system.journal-damaged'],
  ],
] as const)
  test(`boot: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
