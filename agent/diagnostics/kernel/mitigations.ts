/** What the kernel does against faults of the processor (Documentation/ABI/testing/sysfs-devices-system-cpu, vulnerabilities). */

import { line } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

/** How one fault of the processor is dealt with. */
export interface Vulnerability {
  /** "mds", "spectre_v2". */
  readonly name: string;
  /** As the kernel writes it. */
  readonly text: string;
  /** open: nothing keeps it off; partly: it is mitigated but for a part (SMT, guests); unknown: it cannot tell. */
  readonly state: 'unaffected' | 'mitigated' | 'partly' | 'open' | 'unknown';
}

/** Judges what the kernel writes of a fault. */
export function judgeVulnerability(name: string, text: string): Vulnerability {
  const state = (): Vulnerability['state'] => {
    if (/^not affected/i.test(text)) return 'unaffected';
    if (/^(?:processor )?vulnerable/i.test(text)) return 'open';
    // "KVM: Vulnerable" means guests alone; "KVM: Mitigation: Split huge pages" and "KVM: Mitigation: VMX disabled" do not.
    if (/^kvm:\s*vulnerable/i.test(text)) return 'partly';
    if (/^(?:kvm:\s*)?mitigation/i.test(text)) return /vulnerable/i.test(text) ? 'partly' : 'mitigated';
    return 'unknown';
  };
  return { name, text, state: state() };
}

const FOLDER = 'sys/devices/system/cpu/vulnerabilities';

/** What lscpu tells of them, in both layouts: "Vulnerability Spec store bypass: Vulnerable", and below "Vulnerabilities:". */
function ofLscpu(text: string): Vulnerability[] {
  const found: Vulnerability[] = [];
  let below = false;
  for (const row of text.split('\n', 2_000)) {
    if (/^\S/.test(row)) below = /^Vulnerabilities:\s*$/.test(row);
    const match =
      /^Vulnerability ([A-Z][\w ]{1,40}?):\s+(\S.{0,300})$/.exec(row) ??
      (below ? /^ {1,4}([A-Z][\w ]{1,40}?):\s+(\S.{0,300})$/.exec(row) : null);
    if (match?.[1])
      found.push(judgeVulnerability(match[1].toLowerCase().replaceAll(' ', '_'), match[2] ?? ''));
  }
  return found;
}

/** All faults that the kernel knows of; absent before Linux 4.15. */
export const mitigations = fact({
  id: 'kernel.mitigations',
  reads: [`/${FOLDER}`, 'lscpu, on a captured machine'],
  limitMs: 1_000,
  read: async ({ machine, part }): Promise<Vulnerability[]> => {
    const names = machine.list(FOLDER);
    const told =
      names.length === 0 ? (machine.saved?.('lscpu') ?? []).flatMap(({ text }) => ofLscpu(text)) : [];
    if (told.length > 0) return told;
    if (names.length === 0) throw nothing(machine, `/${FOLDER}`);
    const found: Vulnerability[] = [];
    for (const name of names) {
      const text = await part(`/${FOLDER}/${name}`, () => line(machine, `${FOLDER}/${name}`));
      if (text) found.push(judgeVulnerability(name, text));
    }
    return found;
  },
});
