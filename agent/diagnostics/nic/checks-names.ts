/** Checks of what interfaces are called: names that are no names, that may be swapped, or that change at the next boot. */

import { type Check, check, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { countOf } from './counter-check.ts';
import { nicIdentities, nicSubject } from './identity.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicNames } from './names.ts';

/** Whether these are all that a machine has. A file of one, or what ethtool says of it, tells of no other; what lists them all has their numbers or the loopback. */
function areAll(
  interfaces: readonly { readonly name: string; readonly index?: number | undefined }[],
): boolean {
  return interfaces.some(({ name, index }) => index !== undefined || name === 'lo');
}

const collision = check({
  id: 'nic.name-collision',
  area: 'nic',
  title: 'Interfaces that got no proper name',
  about:
    'udev renames an interface in two steps. One that is called renameN was left half way, because its new name was taken; its configuration does not apply.',
  needs: { interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/systemd.net-naming-scheme.html'],
  evaluate: ({ interfaces, identities }) => {
    const found = interfaces.flatMap(({ name, kind }): FindingDraft[] =>
      kind !== 'physical' || !/^(?:rename\d+|cirename\d+)$/.test(name)
        ? []
        : [
            {
              severity: 'warning',
              title: 'An interface was left without its name',
              subject: nicSubject(name, identities),
              evidence: [`${name} is a name that udev gives for a moment only`],
              remedy: {
                text: 'Find the .link file or rule that names two interfaces alike.',
                risk: 'reboot',
              },
            },
          ],
    );
    return found.length === 0 && !areAll(interfaces)
      ? new Skipped('not all interfaces were captured')
      : found;
  },
});

const unstable = check({
  id: 'nic.names-unstable',
  area: 'nic',
  title: 'Interfaces that the kernel counted',
  about:
    'eth0, eth1 … are given in the order in which drivers find their devices, which changes with kernels and slots. With one ' +
    'device that is no trouble; with several an upgrade may swap them.',
  needs: { interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  thresholds: { least: countOf(2, 'chosen: one device has nobody to be swapped with') },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/systemd.net-naming-scheme.html'],
  evaluate: ({ interfaces }, { least }) => {
    const counted = interfaces.filter(
      ({ kind, name, nameAssignment }) =>
        kind === 'physical' && /^(?:eth|wlan)\d+$/.test(name) && nameAssignment === 1,
    );
    if (counted.length < least)
      return !areAll(interfaces) && interfaces.some((one) => one.nameAssignment === undefined)
        ? new Skipped('how interfaces came by their names was not captured')
        : [];
    return [
      {
        severity: 'info',
        title: 'Names of interfaces may be swapped by a kernel upgrade',
        parameters: { interfaces: counted.length },
        evidence: [
          `${counted
            .map(({ name }) => name)
            .slice(0, 8)
            .join(', ')}: named in the order of finding (name_assign_type 1)`,
        ],
        remedy: {
          text: 'Name them by path or address in .link files, or take net.ifnames=0 off the kernel’s command line.',
          risk: 'reboot',
        },
      },
    ];
  },
});

const willChange = check({
  id: 'nic.name-will-change',
  area: 'nic',
  title: 'Interfaces that get another name at the next boot',
  about:
    'udev wrote down which name it would give an interface, and it has another. A kernel or systemd upgrade changed what is known of its slot, or a configuration was changed since.',
  needs: { names: nicNames, interfaces: nicInterfaces },
  wants: { identities: nicIdentities },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/systemd.net-naming-scheme.html'],
  evaluate: ({ names, interfaces, identities }) =>
    interfaces.flatMap(({ name, nameAssignment }): FindingDraft[] => {
      const told = names.get(name);
      // A name that a person or a .link file gave stays; only udev's own are compared.
      if (!told || nameAssignment === 3 || !/^(?:en|wl|ww|ib|sl)[a-z0-9]*[0-9]/.test(name)) return [];
      if (told.candidates.length === 0 || told.candidates.includes(name) || told.chosen === name) return [];
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title: 'An interface gets another name at the next boot',
          subject: nicSubject(name, identities),
          parameters: { next: told.chosen ?? told.candidates[0] ?? '' },
          evidence: [
            `${name}: udev would name it ${told.candidates.join(' or ')}${told.scheme ? ` (scheme ${told.scheme})` : ''}`,
          ],
          remedy: {
            text: 'Before the next boot name it in a .link file, or change the configurations that use its name.',
            risk: 'none',
          },
        },
      ];
    }),
});

/** Checks of this file. */
export const NIC_NAME_CHECKS: readonly Check[] = [collision, unstable, willChange];
