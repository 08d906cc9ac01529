/** Checks of the logs of the boot before this one, by the journal and by what a crash left in pstore. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft, Severity } from '../finding.ts';
import { crashLog, type LoggedTroubles, previousKernelLog } from '../signatures/facts.ts';
import type { Family } from '../signatures/signature.ts';
import type { Group } from '../signatures/tally.ts';
import { previousBoot } from './previous-boot.ts';

/** Families of which each ends, or may end, the kernel. */
const DEADLY: readonly Family[] = ['panic', 'hard-lockup', 'soft-lockup', 'mce', 'oops', 'bug', 'watchdog'];
/** Most of what a device logs while it dies is of no use by the next boot: so many signatures are told. */
const MAX_TOLD = 12;
/** One step milder: it is over, but may come again. */
const MILDER: Readonly<Record<Severity, Severity>> = { critical: 'warning', warning: 'info', info: 'info' };

/** What tells best why a kernel died: of the deadliest family, the first in the log. */
function worst(groups: readonly Group[]): Group | undefined {
  const deadly = groups.filter(
    ({ signature }) => DEADLY.includes(signature.family) && signature.severity === 'critical',
  );
  return DEADLY.flatMap((family) => deadly.filter(({ signature }) => signature.family === family))[0];
}

function times({ first, last }: Group) {
  return {
    ...(first.timeMs === undefined ? {} : { firstMs: first.timeMs }),
    ...(last.timeMs === undefined ? {} : { lastMs: last.timeMs }),
  };
}

const crashed = check({
  id: 'kernel.crashed',
  area: 'kernel',
  title: 'A kernel that crashed before this boot',
  about:
    'A panic or an oops in the log that pstore kept, or at the end of the journal of a boot that did not end with a shutdown, tells that the node did not restart on purpose.',
  needs: {},
  wants: { stored: crashLog, journal: previousKernelLog, boot: previousBoot },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/systemd-pstore.service.html'],
  evaluate: ({ stored, journal, boot }) => {
    if (!stored && !journal)
      return new NotApplicable(
        'there is no log of a crash and no journal of the boot before that could be read',
      );
    const kept = stored && worst(stored.groups);
    // A kernel that logged an oops and was shut down later in order did not crash.
    const logged = journal && boot?.clean === false ? worst(journal.groups) : undefined;
    const cause = kept ?? logged;
    if (!cause) return [];
    const { signature, newest } = cause;
    const from = kept ? stored?.sources.join(', ') : 'journalctl -k -b -1';
    return [
      {
        severity: 'warning',
        certainty: kept ? 'certain' : 'likely',
        title: 'The kernel crashed before this boot',
        parameters: { signature: signature.id, family: signature.family },
        evidence: [...newest.slice(-2), `from ${from}`.slice(0, 300)],
        remedy: {
          text: `${signature.remedy.text} The whole log: nodectl dmesg -b previous; nodectl kernel.`,
          risk: signature.remedy.risk,
        },
        links: signature.links,
        explains: [
          ...['kernel.unclean-previous-boot', 'kernel.previous-boot-trouble', 'kernel.crash-left-behind'],
          'kernel-log.previous-boot-*',
        ],
        // Records in pstore are stamped by the clock of a boot that is over.
        ...(kept ? {} : times(cause)),
      },
    ];
  },
});

function draft(group: Group): FindingDraft {
  const { signature, device, count, newest } = group;
  return {
    id: signature.id.replace('kernel-log.', 'kernel-log.previous-boot-'),
    severity: MILDER[signature.severity],
    title: `In the boot before this one: ${signature.title}`,
    subject: device === undefined ? { kind: 'node', name: '' } : { kind: signature.device, name: device },
    parameters: { events: count },
    evidence: newest,
    remedy: signature.remedy,
    links: signature.links,
    ...times(group),
    count,
  };
}

const before = check({
  id: 'kernel.log-previous-boot',
  area: 'kernel',
  title: 'Troubles in the kernel’s log of the boot before this one',
  about:
    'The same signatures, in the last messages that the journal has of the boot before: what happened there may come again, and may be why the node was restarted. Told one step milder than in the log of this boot.',
  needs: { log: previousKernelLog },
  evaluate: ({ log }: { log: LoggedTroubles }) =>
    log.groups
      .filter(({ signature, count }) => signature.severity !== 'info' && count >= signature.few)
      .slice(0, MAX_TOLD)
      .map(draft),
});

/** Checks of the logs of the boot before this one. */
export const PREVIOUS_LOG_CHECKS: readonly Check[] = [crashed, before];
