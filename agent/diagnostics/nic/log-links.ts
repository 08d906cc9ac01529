/** What the kernel's log of a captured machine says last of each link: where nothing else was saved, that is how it stands. */

import { setImmediate } from 'node:timers/promises';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** The last word of a log about the link of an interface. */
export interface LoggedLink {
  readonly name: string;
  readonly up: boolean;
  /** Whether it was up before, by the log or because its driver would say nothing else. */
  readonly wasUp: boolean;
  /** The line's words. */
  readonly words: string;
}

const LINK = /link|carrier/i;
/**
 * "ixgbe 0000:03:00.0 eno1: NIC Link is Down", "e1000e: eth0 NIC Link is Up 1000 Mbps", "tg3 0000:02:00.0: eth0: Link is down",
 * "mlx5_core 0000:3b:00.0 ens1f0np0: Link up", "bnx2 0000:01:00.0: eth0: NIC Copper Link is Up".
 */
const STATE =
  /(?:^|[\s:])((?:e(?:th|n|m)|p\d|ib|lan|wan|usb)[\w.-]{0,14}\d[\w-]{0,8})(?: \([^)]{0,60}\)){0,2}:? ((?:NIC |PHY )?(?:(?:Copper|SerDes|Remote Copper|Remote SerDes) )?[Ll]ink(?: is|:)? ([Uu]p|UP|[Dd]own|DOWN)\b.{0,80})/;
/** The network stack's own words. */
const READY = /\bNETDEV_CHANGE\): (\S{1,15}): (link becomes ready)/;
/** Drivers that tell of a link going down only where it was up (Intel's, tg3); others do so when they start. */
const TELLS_CHANGES =
  /(?:^|[\s\]])(?:e1000e?|igb|igc|igbvf|ixgbe|ixgbevf|i40e|iavf|ice|fm10k|tg3)(?:[: ].{0,60})?$/;
/** Whoever ends a machine takes its links down; a boot begins anew. */
const ANEW =
  /\bLinux version \d|\breboot: (?:Restarting|Power down|machine restart)|systemd-shutdown\[\d|\bPM: (?:suspend entry|hibernation)/;
const MAX_NAMES = 500;
const MAX_PIECES = 256;

/** Reads on, line by line. */
class LinkWords {
  readonly #links = new Map<string, LoggedLink>();

  /** Takes a line. */
  take(line: string): void {
    if (ANEW.test(line)) this.#links.clear();
    if (!LINK.test(line)) return;
    const state = STATE.exec(line);
    const ready = state ? null : READY.exec(line);
    const name = state?.[1] ?? ready?.[1];
    if (name === undefined) return;
    const before = this.#links.get(name);
    if (!before && this.#links.size >= MAX_NAMES) return;
    const up = ready !== null || /up/i.test(state?.[3] ?? '');
    const wasUp = up || (before?.wasUp ?? TELLS_CHANGES.test(line.slice(0, state?.index ?? 0)));
    const words = (state?.[2] ?? ready?.[2] ?? '').trim();
    this.#links.set(name, { name, up, wasUp, words });
  }

  /** Each interface with the last word of it. */
  links(): LoggedLink[] {
    return [...this.#links.values()];
  }
}

/** The last word of the kernel's log on each link. @throws Unavailable absent on a running machine, not-captured */
export const loggedLinks = fact({
  id: 'nic.logged-links',
  reads: ['the kernel’s log, where it was saved'],
  limitMs: 5_000,
  read: async ({ machine, signal }): Promise<readonly LoggedLink[]> => {
    if (machine.live) throw new Unavailable('absent', 'a running machine tells itself which links are up');
    const found = new LinkWords();
    for (const log of machine.kernelLogs())
      try {
        let rest = '';
        for (let pieces = 0; pieces < MAX_PIECES; pieces++) {
          const piece = log.read();
          const lines = `${rest}${piece.toString('latin1')}`.split('\n');
          rest = piece.length === 0 ? '' : (lines.pop() ?? '').slice(0, 8_192);
          for (const line of lines) found.take(line);
          if (piece.length === 0) break;
          await setImmediate();
          signal.throwIfAborted();
        }
        if (rest !== '') found.take(rest);
      } finally {
        log.close();
      }
    return found.links();
  },
});
