/** Images that do not run, each made of a good one by changing its finished file system: what an upgrade has to fall back from. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edit } from '../../packaging/images/ext4.ts';
import type { RootImage } from '../../packaging/images/root-image.ts';
import { run } from '../../packaging/images/tools.ts';

const EARLY_INIT = '/usr/lib/nodectl/early-init';
/** What runs the agent: a third of the image. */
const RUNTIME = '/usr/lib/nodectl/lib/node';
const UNITS = '/etc/systemd/system';

/** What can be wrong with an image. */
export const FAULTS = ['panic', 'no-init', 'dead-agent', 'hang', 'standstill', 'no-file-system'] as const;
/** One of them. */
export type Fault = (typeof FAULTS)[number];

/** A file to put into the image in place of the one that is there. */
interface Replacement {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** What takes the place of what; nothing where a file goes away. */
const CHANGES: Readonly<Record<Fault, readonly (Replacement | string)[]>> = {
  // Late enough for the kernel's last words to be kept.
  panic: [
    {
      path: EARLY_INIT,
      mode: 0o755,
      content: `#!/bin/sh
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev
modprobe efi_pstore
echo 'this image panics' >/dev/kmsg
echo c >/proc/sysrq-trigger
`,
    },
  ],
  'no-init': [EARLY_INIT],
  'dead-agent': [RUNTIME],
  // systemd is well, and its start never gets to the agent.
  hang: [
    {
      path: `${UNITS}/hang.service`,
      mode: 0o644,
      content: `[Unit]
Description=what hangs
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/sleep infinity
`,
    },
    {
      path: `${UNITS}/nodectl-agent.service.d/hang.conf`,
      mode: 0o644,
      content: '[Unit]\nRequires=hang.service\nAfter=hang.service\n',
    },
  ],
  // There is no systemd at all to notice anything.
  standstill: [
    { path: '/usr/lib/systemd/systemd', mode: 0o755, content: '#!/bin/sh\nwhile :; do sleep 1000; done\n' },
  ],
  'no-file-system': [],
};

/**
 * What the console shows once for each start of a bad image, where the agent's log cannot tell that it was the image which failed, and
 * not its start.
 */
export const LAST_WORDS: Partial<Record<Fault, RegExp>> = {
  panic: /Kernel panic - not syncing: sysrq triggered crash/g,
  'no-init': /Kernel panic - not syncing: Requested init /g,
  standstill: /softdog: Initiating system reboot/g,
  'no-file-system': /Kernel panic - not syncing: VFS: Unable to mount root fs/g,
};

/** Makes a bad image of a good one, in a folder of its own. */
export function makeBadImage(folder: string, good: RootImage, fault: Fault): RootImage {
  mkdirSync(folder);
  const root = join(folder, 'root.ext4');
  if (fault === 'no-file-system') writeFileSync(root, Buffer.alloc(4 << 20, 'no file system\n'));
  else run('cp', ['--reflink=auto', '--sparse=always', good.root, root]);
  const staging = mkdtempSync(join(tmpdir(), 'nodectl-bad-'));
  try {
    for (const one of CHANGES[fault]) {
      if (typeof one === 'string') {
        edit(root, [`rm ${one}`]);
        continue;
      }
      const file = join(staging, 'file');
      rmSync(file, { force: true });
      writeFileSync(file, one.content, { mode: one.mode });
      const isNew = one.path.startsWith(UNITS);
      edit(root, [...(isNew ? [] : [`rm ${one.path}`]), `write ${file} ${one.path}`]);
    }
    if (fault !== 'hang' && fault !== 'no-file-system') shrink(root);
  } finally {
    rmSync(staging, { recursive: true });
  }
  // A hang that early ends by the kernel's own timer, for which the tests need not wait as long as a slow machine has to.
  const more = fault === 'standstill' ? ' softdog.soft_margin=45' : '';
  return { ...good, version: `${good.version}-${fault}`, commandLine: `${good.commandLine}${more}`, root };
}

/** The largest file goes, of which an image that does not get to the agent has no use, and the file system becomes as small as it can. */
function shrink(root: string): void {
  if (run('debugfs', ['-R', `stat ${RUNTIME}`, root]).stdout.length > 0) edit(root, [`rm ${RUNTIME}`]);
  run('resize2fs', ['-f', '-M', root]);
}
