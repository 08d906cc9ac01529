/**
 * Parameters of the kernel's command line: words that are added to those of the image. GRUB on Debian reads them from a file of
 * their own; where kernels are installed by kernel-install(8), as with systemd-boot, they are words of /etc/kernel/cmdline, which
 * it copies into the boot loader's entries.
 */

import { Failure } from '../../../proto/failure.ts';
import type { Machine } from '../../host/machine.ts';
import { managedFile } from '../managed-file.ts';
import type { Activation, ConfigHost, Resource } from '../resource.ts';
import { runProgram } from '../systemd.ts';

/** Where kernel-install reads them. A machine that has this file is taken to use it. */
const CMDLINE = '/etc/kernel/cmdline';
const INSTALL_MS = 120_000;

/** The resources of some parameters. `made` is the head of files that are made whole. */
export function commandLineResources(
  parameters: readonly string[],
  has: (path: string) => boolean,
  made: string,
): Resource[] {
  if (has(CMDLINE)) return [...new Set(parameters)].map(word);
  return [
    managedFile({
      path: '/etc/default/grub.d/90-nodectl.cfg',
      content: Buffer.from(`${made}GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ${parameters.join(' ')}"\n`),
      activates: [runProgram('boot-loader/update', 60, 'update-grub', [])],
      effect: 'reboot',
    }),
  ];
}

/** One word of /etc/kernel/cmdline: the others are the image's. */
function word(parameter: string): Resource {
  return {
    id: `command-line/${parameter}`,
    ...{ after: [], effect: 'reboot', risksConnection: false, activates: [INSTALL_KERNELS] },
    observe: async ({ machine }) => wordsOf(machine).includes(parameter),
    compare: (there) => (there ? [] : [{ field: 'parameter', from: 'absent', to: 'there' }]),
    apply: async (host) => {
      const words = wordsOf(host.machine);
      if (!words.includes(parameter)) write(host, [...words, parameter]);
    },
    restore: async (host, there) => {
      const words = wordsOf(host.machine);
      if (there === false && words.includes(parameter))
        write(
          host,
          words.filter((one) => one !== parameter),
        );
      if (there === true && !words.includes(parameter)) write(host, [...words, parameter]);
    },
  };
}

const isComment = (line: string) => line.startsWith('#');

/** Lines that begin with # are comments to kernel-install too. */
function wordsOf(machine: Machine): string[] {
  return (machine.text(CMDLINE.slice(1)) ?? '')
    .split('\n')
    .filter((line) => !isComment(line))
    .flatMap((line) => line.split(/\s+/))
    .filter((one) => one !== '');
}

function write({ files }: ConfigHost, words: readonly string[]): void {
  const state = files.state(CMDLINE);
  // A link or a folder in its place is nothing that this could keep.
  if (state.kind !== 'file') throw new Failure('HOST_CHANGE_FAILED', `${CMDLINE} is no file any more`);
  const comments = state.content.toString('utf8').split('\n').filter(isComment);
  const lines = [...comments, words.join(' ')].map((line) => `${line}\n`);
  files.set(CMDLINE, { ...state, content: Buffer.from(lines.join('')) });
}

/** kernel-install makes the entries of all kernels anew; its "add-all" is younger than the systemd of many distributions. */
const INSTALL_KERNELS: Activation = {
  id: 'boot-loader/entries',
  rank: 60,
  run: async ({ machine }, signal) => {
    for (const version of machine.list('lib/modules')) {
      const image = [`lib/modules/${version}/vmlinuz`, `boot/vmlinuz-${version}`].find((path) =>
        machine.has(path),
      );
      if (image === undefined) continue;
      const args = ['add', version, `/${image}`];
      const { code, stderr } = await machine.run('kernel-install', args, { signal, timeoutMs: INSTALL_MS });
      if (code === 0) continue;
      const said = stderr.split('\n')[0] || `status ${code}`;
      throw new Failure('HOST_CHANGE_FAILED', `kernel-install add ${version} failed: ${said}`);
    }
  },
};
