/** Everything about one node's kernel, in sections that a person reads from top to bottom. */

import type { GetKernelResponse__Output as Kernel } from '../../proto/gen/types/nodectl/v1/GetKernelResponse.ts';
import type { KernelTroubleMatch__Output as Match } from '../../proto/gen/types/nodectl/v1/KernelTroubleMatch.ts';
import { formatDuration, isoTime } from '../duration.ts';
import { wrap } from '../help/wrap.ts';
import type { Look } from './sections.ts';

type Line = readonly [label: string, text: string];

const LABEL = 14;
const INDENT = 2;

/** The page, line by line. */
export function kernelPage(node: string, kernel: Kernel, { width, style, safe }: Look): string[] {
  const section = (title: string, lines: readonly Line[]) =>
    lines.length === 0
      ? []
      : [
          '',
          style('bold', title),
          ...lines.map(([label, text]) => {
            const indent = INDENT + (label === '' ? 0 : LABEL);
            const wrapped = text
              .split('\n')
              .map((one) => wrap(safe(one), width, indent))
              .join(`\n${' '.repeat(indent)}`);
            return `${' '.repeat(INDENT)}${label === '' ? '' : safe(label).padEnd(LABEL)}${wrapped}`;
          }),
        ];
  return [
    [style('bold', safe(node)), safe(headOf(kernel))].join('  '),
    ...section('Kernel', versionLines(kernel)),
    ...section('Hardware', hardwareLines(kernel)),
    ...section(
      'Taint',
      kernel.taints.map(({ letter, bit, meaning }) => [`${letter} (bit ${bit})`, meaning] as const),
    ),
    ...section('Modules of note', moduleLines(kernel)),
    ...section('Parameters that are not in force', sysctlLines(kernel)),
    ...section('Mitigations', mitigationLines(kernel)),
    ...section('Next boot', nextBootLines(kernel)),
    ...section('Ready for a crash', crashLines(kernel)),
    ...section('Previous boot', previousLines(kernel)),
    ...section('Known troubles', kernel.troubles.flatMap(troubleLines)),
    ...section(
      'Could not be read',
      kernel.problems.map(({ what, why }) => ['', `${what}: ${why}`] as const),
    ),
  ];
}

function headOf({ version, uptimeSeconds }: Kernel): string {
  const up = uptimeSeconds > 0 ? `up ${formatDuration(uptimeSeconds * 1_000)}` : '';
  return [version?.release, version?.basisText, up].filter(Boolean).join(', ');
}

/** Leaves out lines that have nothing to say. */
function told(lines: readonly Line[]): Line[] {
  return lines.filter(([, text]) => text !== '');
}

function versionLines({ version, commandLine }: Kernel): Line[] {
  if (!version) return [];
  const { endOfLife, endOfLifeDays: days } = version;
  const end = days < 0 ? `ended on ${endOfLife}` : `kept until ${endOfLife}, for ${days} days more`;
  return told([
    ['build', version.build],
    ['package', version.package],
    ['system', version.os],
    ['image', version.image],
    ['branch', endOfLife === '' ? '' : end],
    ['preemption', version.preemption],
    ['secure boot', version.secureBoot],
    ['lockdown', version.lockdown],
    [
      'cgroups',
      version.cgroup === 'hybrid' ? 'both hierarchies' : version.cgroup && `version ${version.cgroup}`,
    ],
    ['command line', commandLine],
  ]);
}

function hardwareLines({ hardware, microcode }: Kernel): Line[] {
  const revisions = microcode.map(({ revision, processors }) =>
    microcode.length === 1 ? revision : `${revision} on ${processors}`,
  );
  const {
    model = '',
    bios = '',
    processor = '',
    processorCount: count = 0,
    virtualisation = '',
  } = hardware ?? {};
  return told([
    ['machine', model],
    ['BIOS', bios],
    ['processors', count > 0 ? `${count} × ${processor}` : processor],
    ['microcode', revisions.join(', ')],
    ['virtual', virtualisation === 'none' ? 'no' : virtualisation],
  ]);
}

function moduleLines({ modules, moduleCount }: Kernel): Line[] {
  const rest = moduleCount - modules.length;
  if (modules.length === 0) return [];
  return [
    ...modules.map(
      ({ name, taints, forbiddenIn }): Line => [
        name,
        [taints && `(${taints})`, forbiddenIn && `loaded although it is forbidden in ${forbiddenIn}`]
          .filter(Boolean)
          .join(' '),
      ],
    ),
    ['', `and ${rest} others of the kernel’s own`],
  ];
}

function sysctlLines({ sysctls }: Kernel): Line[] {
  return sysctls.map(({ key, configured, actual, where }) => [
    '',
    actual === undefined
      ? `${key} does not exist; ${where} asks for ${configured}`
      : `${key} is ${actual}; ${where} asks for ${configured}`,
  ]);
}

function mitigationLines({ mitigations }: Kernel): Line[] {
  const open = mitigations.filter(
    ({ state }) => state === 'open' || state === 'partly' || state === 'unknown',
  );
  const names = (wanted: string) =>
    mitigations
      .filter(({ state }) => state === wanted)
      .map(({ name }) => name)
      .join(', ');
  return told([
    ...open.map(({ name, text }): Line => ['', `${name}: ${text}`]),
    ['mitigated', names('mitigated')],
    ['unaffected', names('unaffected')],
  ]);
}

function nextBootLines({ installed }: Kernel): Line[] {
  if (!installed) return [];
  const { releases, rebootReasons, modulesGone, dkms, livePatches } = installed;
  return told([
    ['installed', releases.join(', ')],
    ...rebootReasons.map((reason): Line => ['reboot', reason]),
    ['modules', modulesGone ? 'the running kernel’s modules are gone from the disk' : ''],
    ...dkms.map((one): Line => ['DKMS', one]),
    ['live patches', livePatches.join(', ')],
  ]);
}

function crashLines({ crash }: Kernel): Line[] {
  if (!crash) return [];
  const { loaded, enabledBy, reservedBytes, settings } = crash;
  if (!loaded && enabledBy === '' && Object.keys(settings).length === 0) return [];
  const mebibytes = Math.round(Number(reservedBytes) / 1_048_576);
  const reserved = mebibytes > 0 ? `, ${mebibytes} MiB reserved` : '';
  return told([
    [
      'crash kernel',
      `${loaded ? 'loaded' : 'not loaded'}${reserved}${enabledBy ? `, ${enabledBy} is enabled` : ''}`,
    ],
    [
      'settings',
      Object.entries(settings)
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
    ],
  ]);
}

function previousLines({ previousBoot, crashRecords }: Kernel): Line[] {
  const records = crashRecords.map(
    ({ path, kind, excerpt }): Line => [
      'record',
      [`${path}${kind ? ` (${kind})` : ''}`, ...excerpt].join('\n'),
    ],
  );
  if (!previousBoot) return records;
  const { clean, tail, trouble, lastUsec } = previousBoot;
  const when = Number(lastUsec) > 0 ? ` at ${isoTime(Number(lastUsec))}` : '';
  return told([
    ['ended', `${clean ? 'by a shutdown' : 'without a shutdown'}${when}`],
    ['trouble', trouble.join('\n')],
    ['last lines', clean ? '' : tail.join('\n')],
    ...records,
  ]);
}

function troubleLines({ trouble, certainty, because }: Match): Line[] {
  if (!trouble) return [];
  const severity = trouble.severity.replace('SEVERITY_', '').toLowerCase();
  const sure = certainty.replace('CERTAINTY_', '').toLowerCase();
  return told([
    ['', `${severity}, ${sure}: ${trouble.title}`],
    ['  because', because.join('; ')],
    ['  symptom', trouble.symptom],
    ['  remedy', trouble.remedy?.text ?? ''],
    ['  see', trouble.links.join('\n')],
  ]);
}
