/** KernelService of the contract: translates facts and known troubles, nothing else. */

import type { GetKernelResponse } from '../../../proto/gen/types/nodectl/v1/GetKernelResponse.ts';
import type { KernelCrash } from '../../../proto/gen/types/nodectl/v1/KernelCrash.ts';
import type { KernelCrashRecord } from '../../../proto/gen/types/nodectl/v1/KernelCrashRecord.ts';
import type { KernelInstalled } from '../../../proto/gen/types/nodectl/v1/KernelInstalled.ts';
import type { KernelModule } from '../../../proto/gen/types/nodectl/v1/KernelModule.ts';
import type { KernelTrouble } from '../../../proto/gen/types/nodectl/v1/KernelTrouble.ts';
import type { KernelTroubleMatch } from '../../../proto/gen/types/nodectl/v1/KernelTroubleMatch.ts';
import type { KernelVersion } from '../../../proto/gen/types/nodectl/v1/KernelVersion.ts';
import type { ServiceHandlers } from '../../../proto/serve/handlers.ts';
import { upper } from '../../../proto/upper.ts';
import type { DiagnosticsDomain } from '../domain.ts';
import { kernelHas, type TroubleMatch } from '../known/evaluate.ts';
import { targetIdentity } from '../known/target.ts';
import type { Trouble } from '../known/trouble.ts';
import { TROUBLES } from '../known/troubles.ts';
import { branchInWords, conditionsInWords, rangeInWords } from '../known/words.ts';
import { branchEnd, daysLeft } from './lifetimes.ts';
import { type KernelOverview, readOverview } from './overview.ts';
import { basisInWords } from './release.ts';
import { isKeptByDistribution, rebootReasons } from './state.ts';
import { decodeTaint } from './taint.ts';

function toTrouble(trouble: Trouble): KernelTrouble {
  const { id, title, severity, symptom, remedy, upstream, packages, links, reviewed } = trouble;
  return {
    ...{ id, title, symptom, reviewed, links: [...links] },
    severity: `SEVERITY_${upper(severity)}`,
    remedy: { text: remedy.text, risk: `REMEDY_RISK_${upper(remedy.risk)}` },
    kernels: upstream.map(branchInWords),
    packages: Object.entries(packages).flatMap(([name, ranges]) =>
      ranges.map((range) => `${name} ${rangeInWords(range)}`),
    ),
    conditions: conditionsInWords(trouble),
  };
}

function toMatch({ trouble, certainty, because, devices }: TroubleMatch): KernelTroubleMatch {
  return {
    trouble: toTrouble(trouble),
    certainty: `CERTAINTY_${upper(certainty)}`,
    because: [...because],
    devices: devices.map(({ name }) => name),
  };
}

function toVersion({ kernel, security, use }: KernelOverview, nowMs: number): KernelVersion {
  const { release, build, distribution, stable, basis, os, preemption } = kernel;
  const end = isKeptByDistribution(kernel) ? undefined : branchEnd(stable);
  const secure = security?.secureBoot;
  return {
    ...{ release, build, distribution, stable, basis, preemption, package: kernel.package },
    basisText: basisInWords(kernel),
    os: os.name,
    image: [os.imageId, os.imageVersion].filter(Boolean).join(' '),
    endOfLife: end?.day ?? '',
    endOfLifeDays: end ? daysLeft(end, nowMs) : 0,
    secureBoot: secure === undefined ? '' : secure ? 'on' : 'off',
    lockdown: security?.lockdown ?? '',
    cgroup: use?.cgroup ?? '',
  };
}

function toModules({ loaded, forbidden = [] }: KernelOverview): KernelModule[] {
  return [...(loaded?.values() ?? [])].flatMap(({ name, taints }) => {
    const forbiddenIn = forbidden.find((one) => one.name === name)?.where ?? '';
    return taints === '' && forbiddenIn === '' ? [] : [{ name, taints, forbiddenIn }];
  });
}

function toInstalled(overview: KernelOverview): KernelInstalled {
  const { installed, dkms = [], patches = [], kernel } = overview;
  return {
    releases: [...(installed?.releases ?? [])],
    rebootReasons: installed ? rebootReasons(kernel, installed) : [],
    modulesGone: installed?.ownModules === false,
    dkms: dkms.map(
      ({ name, version, builtFor }) => `${name} ${version}: ${builtFor.join(', ') || 'not built'}`,
    ),
    livePatches: patches.filter(({ enabled }) => enabled).map(({ name }) => name),
  };
}

function toCrash({ ready }: KernelOverview): KernelCrash {
  if (!ready) return {};
  const settings = {
    'kernel.panic': ready.panicSeconds,
    'kernel.panic_on_oops': ready.panicOnOops,
    'kernel.hung_task_timeout_secs': ready.hungTaskSeconds,
    'kernel.hung_task_panic': ready.hungTaskPanic,
    'kernel.softlockup_panic': ready.softlockupPanic,
    'kernel.soft_watchdog': ready.softWatchdog,
    'kernel.nmi_watchdog': ready.nmiWatchdog,
  };
  return {
    loaded: ready.loaded ?? false,
    reservedBytes: ready.reservedBytes ?? 0,
    enabledBy: ready.enabledBy,
    settings: Object.fromEntries(
      Object.entries(settings).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, String(Number(value))]],
      ),
    ),
  };
}

function toRecords({ records = [], dumps = [] }: KernelOverview): KernelCrashRecord[] {
  return [
    ...records.map(({ folder, name, kind, excerpt }) => ({
      path: `${folder}/${name}`,
      kind,
      excerpt: [...excerpt],
    })),
    ...dumps.map((name) => ({ path: `/var/crash/${name}`, kind: 'dump', excerpt: [] })),
  ];
}

function toResponse(overview: KernelOverview, node: string, nowMs: number): GetKernelResponse {
  const { kernel, words, mask = 0n, loaded, parameters, faults = [], cpus, machineIs, previous } = overview;
  return {
    node,
    nowUsec: Math.round(nowMs * 1_000),
    uptimeSeconds: overview.uptimeSeconds,
    version: toVersion(overview, nowMs),
    hardware: {
      model: [machineIs?.vendor, machineIs?.product].filter(Boolean).join(' '),
      bios: [machineIs?.biosVersion, machineIs?.biosDate].filter(Boolean).join(' '),
      processor: cpus?.name ?? '',
      processorCount: cpus?.count ?? 0,
      virtualisation: machineIs?.virtualisation ?? '',
    },
    commandLine: words?.text ?? '',
    taint: mask.toString(),
    taints: decodeTaint(mask, kernel.distribution),
    moduleCount: loaded?.size ?? 0,
    modules: toModules(overview),
    sysctlConfigured: parameters?.configured ?? 0,
    sysctls: (parameters?.differences ?? []).map(({ actual, ...one }) => ({
      ...one,
      ...(actual === undefined ? {} : { actual }),
    })),
    mitigations: [...faults],
    microcode: (cpus?.microcode ?? []).map(({ revision, cpus: all }) => ({
      revision,
      processors: all.length,
    })),
    installed: toInstalled(overview),
    crash: toCrash(overview),
    ...(previous
      ? {
          previousBoot: {
            clean: previous.clean ?? false,
            tail: [...previous.tail],
            trouble: [...previous.trouble],
            lastUsec: Math.round((previous.lastMs ?? 0) * 1_000),
          },
        }
      : {}),
    crashRecords: toRecords(overview),
    troubles: overview.troubles.map(toMatch),
    problems: [...overview.problems],
  };
}

/** The handlers of the service, over the diagnostics of a node. */
export function kernelService(domain: DiagnosticsDomain): ServiceHandlers<'nodectl.v1.KernelService'> {
  const { machine, node } = domain;
  return {
    GetKernel: async (_request, { signal }) =>
      toResponse(
        await domain.shared('kernel', signal, (own) => readOverview(machine, own)),
        node,
        machine.now(),
      ),
    ListTroubles: async ({ kernel: release, distribution, package: packageVersion }) => {
      const kernel = release === '' ? undefined : targetIdentity({ release, distribution, packageVersion });
      // Entries that no kernel is named in are true of any kernel: they are not what was asked for.
      const named = TROUBLES.filter(
        ({ upstream, packages }) => upstream.length > 0 || Object.keys(packages).length > 0,
      );
      return { troubles: (kernel ? named.filter((one) => kernelHas(one, kernel)) : TROUBLES).map(toTrouble) };
    },
  };
}
