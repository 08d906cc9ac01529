/** Everything about one node's clock, in sections that a person reads from top to bottom. */

import type { ClockTimeSource__Output as Source } from '../../proto/gen/types/nodectl/v1/ClockTimeSource.ts';
import type { GetClockResponse__Output as Clock } from '../../proto/gen/types/nodectl/v1/GetClockResponse.ts';
import { isoTime } from '../duration.ts';
import { wrap } from '../help/wrap.ts';
import { type Column, tableLines } from '../output/table.ts';
import type { Style } from '../output/terminal.ts';
import * as words from './clock-words.ts';

/** How a page is set. */
export interface PageLook {
  readonly width: number;
  readonly style: (style: Style, text: string) => string;
  /** Takes from a node's text what a terminal would obey. */
  readonly safe: (text: string) => string;
}

type Line = readonly [label: string, text: string];

const LABEL = 18;
const INDENT = 2;

const MARKS: Readonly<Record<string, string>> = {
  best: '*',
  combined: '+',
  selectable: '-',
  falseticker: 'x',
  jittery: '~',
  unusable: '?',
};

const SOURCE_COLUMNS: readonly Column<Source>[] = [
  { title: '', value: ({ state }) => MARKS[state] ?? ' ', whole: true },
  { title: 'SOURCE', value: ({ name }) => name },
  { title: 'STATE', value: ({ state, reason }) => (reason === '' || reason === state ? state : reason) },
  { title: 'STRATUM', value: ({ stratum }) => String(stratum), align: 'right' },
  { title: 'POLL', value: ({ pollSeconds }) => `${pollSeconds} s`, align: 'right' },
  { title: 'ANSWERED', value: ({ reach }) => `${words.answered(reach)}/8`, align: 'right' },
  {
    title: 'LAST',
    value: ({ lastAnswerAgoSeconds: ago }) => (ago === undefined ? 'never' : words.span(ago)),
    align: 'right',
  },
  { title: 'OFFSET', value: ({ offsetSeconds }) => words.signed(offsetSeconds), align: 'right', whole: true },
  { title: 'ERROR', value: ({ errorSeconds }) => words.spanOf(errorSeconds), align: 'right', whole: true },
];

/** The page, line by line. */
export function clockPage(node: string, clock: Clock, { width, style, safe }: PageLook): string[] {
  const section = (title: string, lines: readonly Line[]) => {
    const told = lines.filter(([, text]) => text !== '');
    if (told.length === 0) return [];
    return [
      '',
      style('bold', title),
      ...told.map(([label, text]) => {
        const indent = INDENT + LABEL;
        return `${' '.repeat(INDENT)}${`${safe(label)} `.padEnd(LABEL)}${wrap(safe(text), width, indent)}`;
      }),
    ];
  };
  const table = clock.sources.length === 0 ? [] : tableLines(clock.sources, SOURCE_COLUMNS, width - INDENT);
  return [
    [style('bold', safe(node)), safe(headOf(clock))].join('  '),
    ...section('Clock', stateLines(clock)),
    ...(table.length > 0
      ? ['', style('bold', 'Sources'), ...table.map((line) => `${' '.repeat(INDENT)}${line}`)]
      : []),
    ...section('Kernel', kernelLines(clock)),
    ...section('Hardware clock', rtcLines(clock)),
    ...section('PTP', ptpLines(clock)),
    ...section('Configuration', configurationLines(clock)),
    ...section(
      'Could not be read',
      clock.problems.map(({ what, why }): Line => [what, why]),
    ),
  ];
}

function headOf({ state, zone, nowUsec }: Clock): string {
  const sync = words.syncInShort(state);
  const set =
    { yes: 'synchronised', no: 'NOT SYNCHRONISED', local: 'FOLLOWS ITSELF' }[sync] ?? 'not known to be set';
  return [set, isoTime(nowUsec), zone].filter(Boolean).join(', ');
}

function stateLines({ state, daemons, unresolvedSources, offlineSources }: Clock): Line[] {
  const running = daemons
    .map(({ name, setsClock }) => (setsClock ? name : `${name} (does not set it)`))
    .join(', ');
  if (!state) return [['running', running]];
  const bound = state.errorBoundSeconds;
  return [
    ['set by', words.daemonOf(state)],
    ['running', running],
    [
      'follows',
      state.source === ''
        ? ''
        : `${state.source}${state.stratum === undefined ? '' : `, so that it is at stratum ${state.stratum}`}`,
    ],
    [
      'offset',
      state.offsetSeconds === undefined
        ? ''
        : `${aheadOf(state.offsetSeconds)}${bound === undefined ? '' : `, wrong by at most ${words.span(bound)}`}`,
    ],
    [
      'drift',
      state.frequencyPpm === undefined
        ? ''
        : `${words.ppm(state.frequencyPpm)} ppm if left alone${state.skewPpm === undefined ? '' : `, known to ${words.ppm(state.skewPpm).replace('+', '')} ppm`}`,
    ],
    [
      'root',
      [
        state.rootDelaySeconds === undefined ? '' : `delay ${words.span(state.rootDelaySeconds)}`,
        state.rootDispersionSeconds === undefined
          ? ''
          : `dispersion ${words.span(state.rootDispersionSeconds)}`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['leap second', words.leapInShort(state)],
    [
      'last measured',
      state.updatedAgoSeconds === undefined ? '' : `${words.span(state.updatedAgoSeconds)} ago`,
    ],
    [
      'also',
      [
        unresolvedSources === 0 ? '' : `${unresolvedSources} sources without an address`,
        offlineSources === 0 ? '' : `${offlineSources} sources switched off`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
  ];
}

function aheadOf(seconds: number): string {
  const size = words.span(seconds);
  return size === '0 s' ? 'none' : `${size} ${seconds < 0 ? 'behind' : 'ahead'}`;
}

function kernelLines({ kernel, clocksource }: Clock): Line[] {
  const counter: Line[] = clocksource
    ? [
        [
          'clock source',
          `${clocksource.current} (could use ${clocksource.available.join(', ')})${clocksource.hypervisor === '' ? '' : ` on ${clocksource.hypervisor}`}`,
        ],
      ]
    : [];
  if (!kernel) return counter;
  const { flags, maxErrorSeconds, estimatedErrorSeconds, taiSeconds = 0 } = kernel;
  return [
    ['told', kernel.synchronised ? 'that the clock is set' : 'nothing: its status is "not synchronised"'],
    ['status', flags.join(' ')],
    [
      'error',
      maxErrorSeconds >= 16
        ? 'not known (16 s)'
        : `at most ${words.span(maxErrorSeconds)}, estimated ${words.span(estimatedErrorSeconds)}`,
    ],
    [
      'correction',
      `${words.ppm(kernel.frequencyPpm) || '0'} ppm${words.span(kernel.offsetSeconds) === '0 s' ? '' : `, ${words.signed(kernel.offsetSeconds)} to be slewed`}`,
    ],
    [
      'tick',
      kernel.tickUsec === undefined || kernel.tickUsec === 10_000
        ? ''
        : `${kernel.tickUsec} µs in place of 10,000`,
    ],
    ['TAI - UTC', taiSeconds === 0 ? '' : `${taiSeconds} s`],
    ...counter,
  ];
}

function rtcLines({ rtc }: Clock): Line[] {
  if (!rtc) return [];
  return [
    ['device', [rtc.device, rtc.driver].filter(Boolean).join(', ')],
    ['runs in', rtc.local === undefined ? '' : rtc.local ? 'local time' : 'UTC'],
    [
      'offset',
      rtc.offsetSeconds === undefined
        ? ''
        : Math.abs(rtc.offsetSeconds) < 1
          ? 'within a second'
          : aheadOf(rtc.offsetSeconds),
    ],
  ];
}

function ptpLines({ ptp }: Clock): Line[] {
  if (!ptp) return [];
  return [
    ...ptp.clocks.map(
      ({ name, clockName, interfaces }): Line => [
        name,
        [clockName, interfaces.join(' ')].filter(Boolean).join(', '),
      ],
    ),
    ...ptp.ports.map(({ identity, state }): Line => ['port', `${identity} ${state}`]),
    [
      'offset',
      ptp.offsetSeconds === undefined
        ? ''
        : `${aheadOf(ptp.offsetSeconds)} of ${ptp.grandmaster || 'its master'}`,
    ],
    ['path delay', words.spanOf(ptp.meanPathDelaySeconds)],
  ];
}

function configurationLines({ configuration: one }: Clock): Line[] {
  if (!one) return [];
  const counts = {
    servers: one.servers,
    pools: one.pools,
    'reference clocks': one.refclocks,
    'with NTS': one.nts,
  };
  return [
    ['file', one.path],
    [
      'sources',
      Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name}`)
        .join(', '),
    ],
    ['steps', one.makestep === '' ? 'never' : `makestep ${one.makestep}`],
    ['tells the kernel', one.rtcsync ? 'yes (rtcsync)' : 'no'],
    ['serves itself', one.local ? 'yes (local)' : ''],
  ];
}
