/** Everything about one interface, in sections that a person reads from top to bottom. */

import type { Nic__Output as Nic } from '../../proto/gen/types/nodectl/v1/Nic.ts';
import type { NicDetails__Output as Details } from '../../proto/gen/types/nodectl/v1/NicDetails.ts';
import { modulePage } from './nic-module.ts';
import * as words from './nic-words.ts';
import { type Line, type Look, section } from './sections.ts';
import { hardwareText, quantity } from './text/words.ts';

/** The page, line by line. */
export function nicPage(node: string, nic: Nic, look: Look): string[] {
  const { style, safe } = look;
  const { details } = nic;
  return [
    [style('bold', safe(`${node} ${nic.name}`)), safe(headOf(nic))].join('  '),
    ...section(look, 'Link', linkLines(nic)),
    ...section(look, 'Device', deviceLines(nic)),
    ...(nic.bond ? section(look, 'Bond', bondLines(nic.bond)) : []),
    ...nic.neighbours.flatMap((one) => section(look, 'Neighbour', neighbourLines(one))),
    ...(details ? section(look, 'Queues', queueLines(nic, details)) : []),
    ...(details ? section(look, 'Offloads', offloadLines(details)) : []),
    ...(details?.module ? modulePage(details.module, look) : []),
    ...section(look, 'Traffic', trafficLines(nic)),
    ...section(look, 'Troubles that are counted', quantityLines(nic)),
    ...(details ? section(look, 'Counters of the driver', counterLines(details), 0) : []),
  ];
}

function headOf(nic: Nic): string {
  return [nic.kind, words.stateOf(nic), words.speedOf(nic), nic.device?.driver, words.placeOf(nic)]
    .filter(Boolean)
    .join(', ');
}

/** Modes by speed, the fastest last: "1G 10G 25G". */
function modesText(modes: readonly string[]): string {
  const speeds = new Set(modes.map((mode) => Number(/^(\d+)base/i.exec(mode)?.[1] ?? 0)));
  return [...speeds]
    .filter((one) => one > 0)
    .sort((a, b) => a - b)
    .map((one) => words.speed(one))
    .join(' ');
}

function linkLines(nic: Nic): Line[] {
  const { link, details } = nic;
  const fec = details?.fecActive.join(' ') ?? '';
  const set = details?.fecConfigured.join(' ') ?? '';
  const clock = details?.timestamping?.clock;
  return [
    ['state', [words.stateOf(nic), link?.reason].filter(Boolean).join(': ')],
    [
      'speed',
      [
        words.speed(link?.speedMbps),
        link?.duplex && `${link.duplex} duplex`,
        link?.lanes && `${link.lanes} lanes`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['autonegotiation', link?.autonegotiation ?? ''],
    ['port', link?.port ?? ''],
    ['can', modesText(link?.supported ?? [])],
    ['offers', modesText(link?.advertised ?? [])],
    ['partner offers', modesText(link?.partner ?? [])],
    ['error correction', fec === '' ? '' : set === '' || set === fec ? fec : `${fec}, set to ${set}`],
    ['energy efficient', details?.eee ?? ''],
    ['flow control', pauseText(details)],
    ['MTU', nic.mtu > 0 ? String(nic.mtu) : ''],
    ['address', nic.address],
    ['carrier changes', nic.carrierChanges === undefined ? '' : String(nic.carrierChanges)],
    ['wakes on', link?.wakeOn && link.wakeOn !== 'd' ? link.wakeOn : ''],
    ['PTP clock', clock === undefined ? '' : `/dev/ptp${clock}`],
  ];
}

function pauseText(details: Details | null): string {
  const pause = details?.pause;
  if (!pause) return '';
  const agreed =
    pause.rxNegotiated === '' && pause.txNegotiated === ''
      ? ''
      : `, agreed on receive ${pause.rxNegotiated}, send ${pause.txNegotiated}`;
  return `receive ${pause.rx || '?'}, send ${pause.tx || '?'}, negotiated ${pause.autonegotiate || '?'}${agreed}`;
}

function deviceLines({ device }: Nic): Line[] {
  if (!device) return [];
  const { pcie } = device;
  return [
    ['driver', [device.driver, device.driverVersion].filter(Boolean).join(' ')],
    ['firmware', device.firmware],
    ['place', [device.bus, device.address, device.portName].filter(Boolean).join(' ')],
    ['ids', hardwareText(device.ids)],
    [
      'PCI Express',
      pcie
        ? `${words.pcieText(pcie)}${pcie.slotSpeed ? `, slot ${pcie.slotSpeed} GT/s x${pcie.slotWidth ?? '?'}` : ''}`
        : '',
    ],
    ['NUMA node', device.numaNode === undefined ? '' : String(device.numaNode)],
    ['taint', device.moduleTaint],
    ['lends out', device.virtualFunctions > 0 ? `${device.virtualFunctions} functions` : ''],
  ];
}

function bondLines(bond: NonNullable<Nic['bond']>): Line[] {
  return [
    ['mode', [bond.mode, bond.hashPolicy].filter(Boolean).join(', ')],
    ['active member', bond.activeMember],
    ['polling', bond.pollingMs === undefined ? '' : `${bond.pollingMs} ms`],
    ['LACP', bond.lacpRate === '' ? '' : `${bond.lacpRate}, partner ${bond.partnerAddress || 'unknown'}`],
    ...bond.members.map(
      (one): Line => [
        one.name,
        [
          one.status,
          words.speed(one.speedMbps),
          one.aggregator === undefined ? '' : `aggregator ${one.aggregator}`,
          one.linkFailures ? `${one.linkFailures} link failures` : '',
          [one.actorChurn, one.partnerChurn].includes('churned') ? 'LACP churned' : '',
          one.permanentAddress,
        ]
          .filter(Boolean)
          .join(', '),
      ],
    ),
  ];
}

function neighbourLines(one: Nic['neighbours'][number]): Line[] {
  return [
    ['switch', one.name],
    ['port', [one.port, one.portDescription].filter(Boolean).join(', ')],
    ['description', one.description],
    ['chassis', one.chassisId === one.name ? '' : one.chassisId],
    ['managed at', one.managementAddresses.join(', ')],
    [
      'VLANs',
      one.vlans
        .map(({ id, name, untagged }) => `${id}${name ? ` ${name}` : ''}${untagged ? ' (untagged)' : ''}`)
        .join(', '),
    ],
    ['takes frames of', one.maxFrame === undefined ? '' : `${one.maxFrame} bytes`],
    ['protocol', one.protocol === 'LLDP' ? '' : one.protocol],
  ];
}

/** "1024 of 8192"; empty where the device does not tell. */
function ofMost(now: number | undefined, most: number | undefined): string {
  if (now === undefined) return '';
  return most === undefined ? String(now) : `${now} of ${most}`;
}

function queueLines(nic: Nic, details: Details): Line[] {
  const { rings, channels, coalesce, queue } = details;
  const busy = Object.entries(details.interrupts)
    .map(([cpu, count]) => ({ cpu: Number(cpu), count: Number(count) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const total = busy.reduce((all, { count }) => all + count, 0);
  const shares = busy.slice(0, 4).map(({ cpu, count }) => `${Math.round((100 * count) / total)} % on ${cpu}`);
  return [
    ['receive ring', ofMost(rings?.rx, rings?.rxMax)],
    ['transmit ring', ofMost(rings?.tx, rings?.txMax)],
    ['channels', channelText(channels)],
    [
      'interrupts',
      busy.length === 0 ? '' : `${words.compact(total)} on ${busy.length} processors: ${shares.join(', ')}`,
    ],
    [
      'moderation',
      Object.entries(coalesce)
        .filter(([, value]) => value !== '0' && value !== '')
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
    ],
    [
      'queueing',
      queue
        ? `${queue.kinds.join(', ')}: ${words.compact(queue.packets)} passed, ${words.compact(queue.drops)} dropped, ${queue.backlog} wait`
        : '',
    ],
    ['queue length', nic.queueLength === undefined ? '' : String(nic.queueLength)],
  ];
}

function channelText(channels: Details['channels']): string {
  if (!channels) return '';
  const parts = [
    ['combined', channels.combined, channels.combinedMax],
    ['receive', channels.rx, channels.rxMax],
    ['transmit', channels.tx, channels.txMax],
  ] as const;
  return parts
    .filter(([, , most]) => (most ?? 0) > 0)
    .map(([name, now, most]) => `${name} ${ofMost(now ?? 0, most)}`)
    .join(', ');
}

function offloadLines({ features, privateFlags }: Details): Line[] {
  const names = (wanted: (one: Details['features'][number]) => boolean) =>
    features
      .filter(wanted)
      .map(({ name }) => name)
      .join(', ');
  return [
    ['on', names(({ on, fixed }) => on && !fixed)],
    ['off', names(({ on, fixed }) => !on && !fixed)],
    ['refused', names(({ refused }) => refused)],
    [
      'driver’s switches',
      Object.entries(privateFlags)
        .map(([name, on]) => `${name} ${on ? 'on' : 'off'}`)
        .join(', '),
    ],
  ];
}

/** Numbers with their thousands set apart, one under the other. */
function aligned(values: readonly number[]): string[] {
  const texts = values.map((value) => quantity(value, ''));
  const width = Math.max(0, ...texts.map(({ length }) => length));
  return texts.map((text) => text.padStart(width));
}

function trafficLines({ statistics }: Nic): Line[] {
  const seen = statistics.filter(({ value }) => value > 0);
  const numbers = aligned(seen.map(({ value }) => value));
  return seen.map(({ name, value, perSecond }, at) => [
    name,
    [
      numbers[at],
      name.endsWith('_bytes') && value >= 1_024 ? `(${quantity(value, ' B')})` : '',
      perSecond ? words.rateText(perSecond) : '',
    ]
      .filter(Boolean)
      .join('  '),
  ]);
}

function quantityLines({ quantities }: Nic): Line[] {
  return quantities.map(({ name, value, meaning, counters }) => [
    name.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`),
    `${quantity(value, '')}: ${meaning}\n${counters
      .slice(0, 3)
      .map((one) => `${one.name} ${quantity(one.value, '')}`)
      .join(', ')}`,
  ]);
}

function counterLines({ counters, counterCount }: Details): Line[] {
  if (counterCount === 0) return [];
  const width = Math.max(0, ...counters.map(({ name }) => name.length));
  const numbers = aligned(counters.map(({ value }) => value));
  return [
    ...counters.map(({ name }, at): Line => ['', `${name.padEnd(width)}  ${numbers[at]}`]),
    ['', `${counterCount - counters.length} others are zero`],
  ];
}
