/** Everything about a kernel at once, for those who look at the facts themselves and not at findings. */

import { line, type Machine } from '../../host/machine.ts';
import type { Fact, Problem } from '../fact.ts';
import { FactStore } from '../fact-store.ts';
import { evaluateTroubles } from '../known/evaluate.ts';
import { troubleSubject } from '../known/subject-fact.ts';
import { TROUBLES } from '../known/troubles.ts';
import { commandLine } from './command-line.ts';
import { crash, crashDumps, pstore } from './crash.ts';
import { hardware, type KernelFact, kernelIdentity } from './identity.ts';
import { dkmsModules, installedKernels, livePatches } from './installed.ts';
import { limits } from './limits.ts';
import { mitigations } from './mitigations.ts';
import { forbiddenModules, modules } from './modules.ts';
import { parseOsRelease } from './os-release.ts';
import { previousBoot } from './previous-boot.ts';
import { processors } from './processor.ts';
import { identifyKernel } from './release.ts';
import { bootSecurity } from './security.ts';
import { sysctls } from './sysctl.ts';
import { taint } from './taint.ts';

/** A kernel that tells nothing of itself. */
const UNKNOWN: KernelFact = {
  ...identifyKernel({ release: '' }),
  os: parseOsRelease(''),
  preemption: '',
};

/** All facts of a kernel; undefined where one could not be read or is absent. */
export type KernelOverview = Awaited<ReturnType<typeof readOverview>>;

/** Reads all facts of the kernel. What cannot be read is among the problems. */
export async function readOverview(machine: Machine, signal: AbortSignal) {
  const store = new FactStore(machine, signal);
  const maybe = <T>(fact: Fact<T>): Promise<T | undefined> => store.get(fact).catch(() => undefined);
  const kernel = (await maybe(kernelIdentity)) ?? UNKNOWN;
  const [words, mask, loaded, forbidden, parameters, faults, cpus] = await Promise.all([
    maybe(commandLine),
    maybe(taint),
    maybe(modules),
    maybe(forbiddenModules),
    maybe(sysctls),
    maybe(mitigations),
    maybe(processors),
  ]);
  const [machineIs, installed, dkms, patches, ready, previous, records, dumps] = await Promise.all([
    maybe(hardware),
    maybe(installedKernels),
    maybe(dkmsModules),
    maybe(livePatches),
    maybe(crash),
    maybe(previousBoot),
    maybe(pstore),
    maybe(crashDumps),
  ]);
  const [security, use, subject] = await Promise.all([
    maybe(bootSecurity),
    maybe(limits),
    maybe(troubleSubject),
  ]);
  const uptime = Number.parseFloat(line(machine, 'proc/uptime') ?? '');
  return {
    ...{ kernel, words, mask, loaded, forbidden, parameters, faults, cpus },
    ...{ machineIs, installed, dkms, patches, ready, previous, records, dumps, security, use },
    uptimeSeconds: Number.isFinite(uptime) ? uptime : 0,
    troubles: subject ? evaluateTroubles(subject, TROUBLES) : [],
    problems: store.problems as readonly Problem[],
  };
}
