/** Writes GRUB's environment of a machine that was just installed, for recipes of machine images: node grubenv.ts FILE... */

import { writeFileSync } from 'node:fs';
import { installedEnvironment } from '../../agent/upgrade/boot/grub.ts';
import { encodeEnvironment } from '../../agent/upgrade/boot/grub-environment.ts';

for (const path of process.argv.slice(2)) writeFileSync(path, encodeEnvironment(installedEnvironment()));
