/** What apt, dpkg, dnf and rpm say where packages are left half installed or their database cannot be read, of captured machines. */

import { check } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { readEach, rowsOf } from './read-each.ts';

/** Lines that stay true until somebody mends it, and the title of each. A lock that another run holds is none. */
const BROKEN: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:E: |dpkg: error: )?dpkg was interrupted, you must manually run /,
    'An installation of packages was broken off',
  ],
  [/^dpkg: error processing (?:package|archive) \S+ \(-/, 'A package could not be installed'],
  [/^E: Unmet dependencies\. Try 'apt /, 'Packages lack others that they need'],
  [/^[uirph][FHU]R?\s{1,4}\S{1,120}\s+\S{1,80}\s/, 'A package is half installed'],
  [
    /^(?:error: |warning: )?(?:rpmdb|db\d): BDB\d{4} (?:Thread died|page \d+: )|^error: (?:cannot open Packages (?:index|database)|rpmdbNextIterator: skipping|sqlite failure:.* malformed)/,
    'The database of packages is damaged',
  ],
];
/** Tables and words of these tools where nothing is amiss. */
const KNOWN =
  /^(?:Reading package lists\.\.\.|Desired=Unknown\/Install\/Remove|\|\|\/ Name\s|Last metadata expiration check|ii {2}\S)/m;

interface Fault {
  readonly title: string;
  readonly line: string;
}

/** Parses it; undefined for other text. */
function parsePackages(text: string): Fault[] | undefined {
  const found = rowsOf(text).flatMap((row): Fault[] => {
    const title = BROKEN.find(([pattern]) => pattern.test(row))?.[1];
    return title === undefined ? [] : [{ title, line: row.slice(0, 200) }];
  });
  return found.length > 0 || KNOWN.test(text) ? found : undefined;
}

const packages = fact({
  id: 'system.packages-told',
  reads: ['apt, dpkg, dnf, yum and rpm, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly Fault[] =>
    readEach(
      machine,
      ['dpkg', 'apt', 'apt-get', 'dnf', 'yum', 'rpm'],
      parsePackages,
      'it tells of no state of packages',
    ).flat(),
});

/** The check of packages that are not whole. */
export const PACKAGES_CHECK = check({
  id: 'system.packages-broken',
  area: 'system',
  title: 'Packages that are half installed, or whose database is damaged',
  about: 'Until it is mended nothing can be installed or upgraded, security fixes included.',
  needs: { packages },
  evaluate: ({ packages: faults }) =>
    [...Map.groupBy(faults, ({ title }) => title)].map(
      ([title, own]): FindingDraft => ({
        ...{ severity: 'warning', title, parameters: { lines: own.length } },
        evidence: own.slice(0, 3).map(({ line }) => line),
        remedy: title.includes('database')
          ? { text: 'rpm --rebuilddb, after a copy of /var/lib/rpm.', risk: 'none' }
          : { text: 'dpkg --configure -a; apt-get -f install.', risk: 'restart' },
      }),
    ),
});
