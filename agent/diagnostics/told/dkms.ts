/** Modules that are built on the machine, as `dkms status` and `dkms build` told of captured ones. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { kernelIdentity } from '../kernel/identity.ts';
import { readEach, rowsOf } from './read-each.ts';

/** A row of `dkms status`. */
interface Built {
  /** "zfs/2.1.5". */
  readonly module: string;
  /** Empty where it is of no kernel: "added". */
  readonly kernel: string;
  readonly state: string;
  /** What it adds in brackets. */
  readonly remark: string;
  readonly row: string;
}

/** "zfs/2.1.5, 5.15.0-101-generic, x86_64: installed" from dkms 3 on, "zfs, 2.1.5, 5.15.0-101-generic, x86_64: installed" before. */
const ROW =
  /^([\w.+-]{1,80})(?:\/|, )([\w.+:~-]{1,80})(?:, ([\w.+~-]{1,120}), (\w{1,20}))?: (added|built|installed|broken|installed-weak from \S{1,120})(?:\s*\((.{1,200})\))?\s*$/;
/** What a build that failed says. */
const FAILED =
  /^(?:Error! )?(?:Bad return status for module build on kernel: \S+|Could not (?:locate|find) (?:dkms\.conf file|\/lib\/modules\/\S{1,100}).{0,80}|Build of \S{1,120} failed for: .{1,120}|Your kernel headers for kernel \S{1,100} cannot be found.{0,80})/;

type Told = { readonly rows: readonly Built[]; readonly failed: readonly string[] };

function parseDkms(text: string): Told | undefined {
  const all = rowsOf(text).map((row) => row.trim());
  const rows = all.flatMap((row): Built[] => {
    const [, name = '', version = '', kernel = '', , state = '', remark = ''] = ROW.exec(row) ?? [];
    return name === '' ? [] : [{ module: `${name}/${version}`, kernel, state, remark, row }];
  });
  const failed = all.filter((row) => FAILED.test(row));
  return rows.length + failed.length === 0 ? undefined : { rows, failed };
}

const built = fact({
  id: 'kernel.dkms-status',
  reads: ['dkms status and dkms build, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }) => readEach(machine, ['dkms'], parseDkms, 'it tells of no module'),
});

/** The check of modules that are built on the machine. */
export const DKMS_CHECK = check({
  id: 'kernel.dkms',
  area: 'kernel',
  title: 'Modules that DKMS did not build, or built otherwise than what is installed',
  about:
    'A module that is not built for the kernel that runs is missing after the boot: a network card or a file system is gone. Which kernel ' +
    'runs must have been saved too. A module that differs from the one that was built may be an older one that is still loaded.',
  needs: { built },
  wants: { identity: kernelIdentity },
  links: ['https://github.com/dkms-project/dkms'],
  evaluate: ({ built: all, identity }): FindingDraft[] => {
    const release = identity?.release;
    const rows = all.flatMap((one) => one.rows);
    const finding = (
      severity: 'info' | 'warning',
      title: string,
      name: string,
      evidence: readonly string[],
    ): FindingDraft => ({
      ...{ severity, title, evidence: evidence.slice(0, 3).map((one) => one.slice(0, 200)) },
      subject: { kind: 'module', name },
      remedy: {
        text: 'Install the headers of that kernel, run dkms autoinstall, and see make.log below /var/lib/dkms.',
        risk: 'none',
      },
    });
    const names = [...new Set(rows.map(({ module }) => module.split('/', 1)[0] ?? ''))];
    const installed = (one: Built) => one.state.startsWith('installed');
    return [
      ...all
        .flatMap((one) => one.failed)
        .slice(0, 1)
        .map((row) => finding('warning', 'DKMS could not build a module', '', [row])),
      ...names.flatMap((name): FindingDraft[] => {
        const own = rows.filter(({ module }) => module.startsWith(`${name}/`));
        const broken = own.filter(({ state }) => state === 'broken');
        if (broken.length > 0)
          return [
            finding(
              'warning',
              'A module of DKMS is broken',
              name,
              broken.map(({ row }) => row),
            ),
          ];
        const differs = own.filter(({ remark }) =>
          /^WARNING! Diff between built and installed/i.test(remark),
        );
        if (differs.length > 0)
          return [
            finding(
              'info',
              'A module differs from the one that DKMS built',
              name,
              differs.map(({ row }) => row),
            ),
          ];
        if (own.some((one) => installed(one) && (!release || one.kernel === release))) return [];
        if (release && own.some(installed))
          return [
            finding('warning', 'A module of DKMS is not installed for the kernel that runs', name, [
              `${release} runs`,
              ...own.map(({ row }) => row),
            ]),
          ];
        return [
          finding(
            'info',
            'A module of DKMS is not installed',
            name,
            own.map(({ row }) => row),
          ),
        ];
      }),
    ];
  },
});
