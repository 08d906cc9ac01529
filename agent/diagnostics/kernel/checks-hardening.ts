/** Checks of what protects the machine: mitigations and microcode, kernel parameters, life of the branch. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import { fact } from '../fact.ts';
import type { FindingDraft } from '../finding.ts';
import { type CommandLine, commandLine, parameter } from './command-line.ts';
import { hardware, kernelIdentity } from './identity.ts';
import { branchEnd, daysLeft } from './lifetimes.ts';
import { mitigations } from './mitigations.ts';
import { processors } from './processor.ts';
import { basisInWords } from './release.ts';
import { isKeptByDistribution } from './state.ts';
import { sysctls } from './sysctl.ts';

const VULNERABILITIES = ['https://docs.kernel.org/admin-guide/hw-vuln/index.html'];

/** What is told where mitigations=off is on the command line. */
const switchedOff = (told: Pick<FindingDraft, 'parameters' | 'evidence'>): FindingDraft => ({
  id: 'kernel.mitigations-off',
  severity: 'info',
  title: 'Mitigations of processor faults are switched off on the command line',
  ...told,
  remedy: {
    text: 'Take mitigations=off out of the boot loader’s configuration unless only trusted code runs here.',
    risk: 'reboot',
  },
});

/** Whether all mitigations are switched off. */
function isOff(line: CommandLine): boolean {
  return /(?:^|,)off(?:,|$)/.test(parameter(line, 'mitigations') ?? '');
}

const openFaults = check({
  id: 'kernel.mitigations-missing',
  area: 'kernel',
  title: 'Faults of the processor that nothing keeps off',
  about:
    'The kernel says for every known fault of the processor whether it is mitigated. "Vulnerable" means that microcode is missing, that the hypervisor does not pass it on, or that somebody switched the mitigation off. Where mitigations=off is on the command line it is told as a choice.',
  needs: { mitigations },
  wants: { commandLine, hardware },
  links: VULNERABILITIES,
  evaluate: (facts) => {
    const open = facts.mitigations.filter(({ state, name }) => state === 'open' && name !== 'old_microcode');
    const off = facts.commandLine !== undefined && isOff(facts.commandLine);
    if (open.length === 0) return [];
    const parameters = { faults: open.map(({ name }) => name).join(' ') };
    const evidence = open.map(({ name, text }) => `${name}: ${text}`);
    if (off) return [switchedOff({ parameters, evidence })];
    const guest = !['none', ''].includes(facts.hardware?.virtualisation ?? '');
    return [
      {
        severity: guest ? 'info' : 'warning',
        title: guest
          ? 'The hypervisor does not pass on what mitigates faults of the processor'
          : 'Faults of the processor are not mitigated',
        ...{ parameters, evidence },
        remedy: guest
          ? {
              text: 'Update the host’s microcode, and give the guest a processor model that has the mitigations’ flags.',
              risk: 'reboot',
            }
          : {
              text: 'Install the distribution’s microcode package (intel-microcode, amd64-microcode, microcode_ctl) or a newer BIOS, and reboot.',
              risk: 'reboot',
            },
      },
    ];
  },
});

const askedFor = check({
  id: 'kernel.mitigations-asked',
  area: 'kernel',
  title: 'Mitigations that are switched off, where the kernel’s own word is not known',
  about:
    'mitigations=off on the command line leaves every fault of the processor open that could be mitigated. That is a choice; where the kernel tells of its faults, kernel.mitigations-missing tells which those are.',
  needs: { commandLine },
  wants: { mitigations },
  links: VULNERABILITIES,
  evaluate: (facts) => {
    if (facts.mitigations)
      return new NotApplicable('kernel.mitigations-missing judges what the kernel tells');
    if (facts.commandLine.text === '') return new Skipped('the kernel’s command line is not known');
    return isOff(facts.commandLine)
      ? [switchedOff({ evidence: ['the command line has mitigations=off'] })]
      : [];
  },
});

const openToThreads = check({
  id: 'kernel.smt-vulnerable',
  area: 'kernel',
  title: 'Faults of the processor that are open between threads of one core',
  about:
    'Some mitigations keep programs apart on one thread, but not from what runs on the other thread of the same core. That matters where programs that do not trust each other share a machine, above all guests.',
  needs: { mitigations, hardware },
  links: VULNERABILITIES,
  evaluate: (facts) => {
    if (facts.hardware.virtualisation !== 'none')
      return new NotApplicable('a guest does not know with whom it shares a core');
    const open = facts.mitigations.filter(
      ({ state, text }) => state === 'partly' && /SMT vulnerable/i.test(text),
    );
    if (open.length === 0) return [];
    return [
      {
        severity: 'info',
        title: 'Faults of the processor are open between threads of a core',
        parameters: { faults: open.map(({ name }) => name).join(' ') },
        evidence: open.map(({ name, text }) => `${name}: ${text}`),
        remedy: {
          text: 'Where guests or containers of strangers run here, boot with mitigations=auto,nosmt; else nothing.',
          risk: 'reboot',
        },
      },
    ];
  },
});

const oldMicrocode = check({
  id: 'kernel.microcode-old',
  area: 'kernel',
  title: 'Microcode older than the kernel knows to be needed',
  about:
    'Since Linux 6.16 the kernel knows the newest microcode that Intel had published when it was released, and says where the processor runs an older one.',
  needs: { mitigations, hardware },
  links: ['https://docs.kernel.org/admin-guide/hw-vuln/old_microcode.html'],
  evaluate: (facts) => {
    const found = facts.mitigations.find(({ name }) => name === 'old_microcode');
    if (!found) return new NotApplicable('this kernel does not judge microcode');
    if (found.state !== 'open') return [];
    return [
      {
        severity: ['none', ''].includes(facts.hardware.virtualisation) ? 'warning' : 'info',
        title: 'The processor’s microcode is older than what this kernel knows',
        evidence: [`old_microcode: ${found.text}`],
        remedy: {
          text: 'Install the distribution’s microcode package or a newer BIOS, and reboot.',
          risk: 'reboot',
        },
      },
    ];
  },
});

const mixedMicrocode = check({
  id: 'kernel.microcode-mixed',
  area: 'kernel',
  title: 'Processors of one machine with different microcode',
  about:
    'All processors must run the same microcode. Where they do not, a late update went wrong or one socket’s processor is of another stepping; that ends in machine checks and hangs that nobody can explain.',
  needs: { processors },
  links: ['https://docs.kernel.org/arch/x86/microcode.html'],
  evaluate: ({ processors: { microcode, name } }) => {
    if (microcode.length === 0) return new NotApplicable('processors of this architecture tell no microcode');
    if (microcode.length === 1) return [];
    return [
      {
        severity: 'warning',
        title: 'Processors run different microcode',
        subject: { kind: 'cpu', name: '', hardware: name },
        parameters: { revisions: microcode.length },
        evidence: microcode.map(
          ({ revision, cpus }) => `${revision} on ${cpus.length} processors (the first is cpu${cpus[0]})`,
        ),
        remedy: {
          text: 'Update the BIOS, so that all sockets get the same microcode at the start, and reboot.',
          risk: 'reboot',
        },
      },
    ];
  },
});

/** Folders of the distribution's own files: what differs from them was mostly changed on purpose. */
const DEFAULTS = /^\/(?:usr\/)?lib\//;

/** Parameters that a module brings: without it the kernel has none of that name. */
const MODULE_OF: readonly [RegExp, string][] = [
  [/^net\.bridge\./, 'br_netfilter'],
  [/^net\.netfilter\.nf_conntrack|^net\.nf_conntrack/, 'nf_conntrack'],
  [/^net\.ipv4\.vs\./, 'ip_vs'],
  [/^net\.ipv6\./, 'ipv6'],
  [/^sunrpc\.|^fs\.nfs/, 'nfs'],
];

const notInForce = check({
  id: 'kernel.sysctl-not-in-force',
  area: 'kernel',
  title: 'Configured kernel parameters that are not in force',
  about:
    'What /etc/sysctl.d and its siblings ask for is compared with /proc/sys by systemd-sysctl’s rules: files by name, later ones win, "-" in front makes a failure harmless. Differences from the distribution’s own files are told as one note. A difference means that another program changed the value after the boot, that it was changed by hand, that nobody applied the file, or that the module which brings the parameter was not loaded yet.',
  needs: { sysctls },
  links: ['https://www.freedesktop.org/software/systemd/man/latest/sysctl.d.html'],
  evaluate: ({ sysctls: { differences } }) => {
    const findings: FindingDraft[] = [];
    const different = differences.filter(({ actual }) => actual !== undefined);
    const missing = differences.filter(({ actual }) => actual === undefined);
    const own = different.filter(({ where }) => !DEFAULTS.test(where));
    const defaults = different.filter(({ where }) => DEFAULTS.test(where));
    for (const { key, configured, actual = '', where } of own.slice(0, 20))
      findings.push({
        severity: 'warning',
        title: 'A configured kernel parameter is not in force',
        subject: { kind: 'sysctl', name: '', hardware: key },
        parameters: { key, configured, actual },
        evidence: [`${key} is ${actual}; ${where} asks for ${configured}`],
        remedy: {
          text: `Find what sets ${key} otherwise, then run systemctl restart systemd-sysctl; or correct the file.`,
          risk: 'none',
        },
      });
    if (defaults.length > 0)
      findings.push({
        id: 'kernel.sysctl-defaults-not-in-force',
        severity: 'info',
        title: 'Kernel parameters that the distribution sets are not in force',
        parameters: { keys: defaults.map(({ key }) => key).join(' ') },
        evidence: defaults
          .slice(0, 3)
          .map(
            ({ key, configured, actual, where }) => `${key} is ${actual}; ${where} asks for ${configured}`,
          ),
        remedy: {
          text: 'See whether systemd-sysctl ran at the boot, and which program changes them.',
          risk: 'none',
        },
      });
    for (const { key, configured, where } of missing.slice(0, 20)) {
      const module = MODULE_OF.find(([pattern]) => pattern.test(key))?.[1];
      findings.push({
        id: 'kernel.sysctl-unknown',
        severity: module === 'br_netfilter' ? 'warning' : 'info',
        title: 'A configured kernel parameter does not exist',
        subject: { kind: 'sysctl', name: '', hardware: key },
        parameters: { key, configured },
        evidence: [
          `${where} sets ${key}, which this kernel does not have${module ? ` while ${module} is not loaded` : ''}`,
        ],
        remedy: module
          ? { text: `Name ${module} in /etc/modules-load.d, load it and apply the file again.`, risk: 'none' }
          : { text: 'Take the line out, or put "-" in front of it.', risk: 'none' },
      });
    }
    return findings;
  },
});

const now = fact({ id: 'kernel.now', reads: [], limitMs: 1_000, read: ({ machine }) => machine.now() });

const endOfLife = check({
  id: 'kernel.end-of-life',
  area: 'kernel',
  title: 'Kernels of branches that upstream does not keep any more',
  about:
    'A branch that has ended gets no fixes, not even for security. Only kernels that follow upstream’s stable releases are judged: Debian, Ubuntu, Red Hat, SUSE and others keep branches of their own longer.',
  needs: { kernel: kernelIdentity, now },
  thresholds: {
    soonDays: {
      value: 60,
      unit: 'd',
      source:
        'our choice: two months are time enough to plan an upgrade; dates are those of kernel.org/category/releases.html',
    },
  },
  links: ['https://www.kernel.org/category/releases.html'],
  evaluate: ({ kernel, now: nowMs }, { soonDays }) => {
    if (isKeptByDistribution(kernel))
      return new NotApplicable(
        kernel.basis === 'upstream' || kernel.basis === 'patched'
          ? 'its distribution keeps the branch for as long as it supports the system'
          : `the kernel is ${basisInWords(kernel)}`,
      );
    const end = branchEnd(kernel.stable);
    if (!end) return [];
    const left = daysLeft(end, nowMs);
    if (left >= soonDays) return [];
    return [
      {
        severity: left < 0 ? 'warning' : 'info',
        title:
          left < 0
            ? 'Upstream does not keep the kernel’s branch any more'
            : 'Upstream soon ends the kernel’s branch',
        parameters: { branch: end.branch, ended: end.day },
        evidence: [
          `Linux ${end.branch} ${left < 0 ? 'ended' : 'ends'} on ${end.day}; ${kernel.release} runs`,
        ],
        remedy: { text: 'Upgrade to a long-term branch that is still kept.', risk: 'reboot' },
      },
    ];
  },
});

const unknownVersion = check({
  id: 'kernel.version-unknown',
  area: 'kernel',
  title: 'Kernels of which nobody can say which fixes they have',
  about:
    'Known troubles are matched by the upstream version that a kernel follows. Where that cannot be told, they cannot be judged, and that is said here as skipped.',
  needs: { kernel: kernelIdentity },
  evaluate: ({ kernel }) =>
    kernel.basis === 'unknown'
      ? new Skipped(`${kernel.release} does not tell which upstream version it is`)
      : [],
});

/** Checks of mitigations, microcode, parameters and the branch's life. */
export const HARDENING_CHECKS: readonly Check[] = [
  openFaults,
  askedFor,
  openToThreads,
  oldMicrocode,
  mixedMicrocode,
  notInForce,
  endOfLife,
  unknownVersion,
];
