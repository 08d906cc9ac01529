/** What of a process's mappings is taken for pages of a file and nothing else. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { untouchedMappings } from './own-mappings.ts';

const PROGRAM = '/usr/lib/nodectl/lib/node';

/** A mapping as Linux 6.12 writes it. */
function mapping(changes: Record<string, string> = {}, header = 'r-xp 0042e000 fe:00 2908725'): string {
  const { range = '0082e000-0082f000', path = PROGRAM, ...other } = changes;
  const amounts: Record<string, string> = {
    ...{ Size: '4 kB', KernelPageSize: '4 kB', MMUPageSize: '4 kB', Rss: '4 kB', Pss: '4 kB' },
    ...{ Pss_Dirty: '0 kB', Shared_Clean: '0 kB', Shared_Dirty: '0 kB', Private_Clean: '4 kB' },
    ...{ Private_Dirty: '0 kB', Referenced: '4 kB', Anonymous: '0 kB', KSM: '0 kB', LazyFree: '0 kB' },
    ...{ AnonHugePages: '0 kB', ShmemPmdMapped: '0 kB', FilePmdMapped: '0 kB', Shared_Hugetlb: '0 kB' },
    ...{ Private_Hugetlb: '0 kB', Swap: '0 kB', SwapPss: '0 kB', Locked: '0 kB', THPeligible: '0' },
    ...{ ProtectionKey: '0', VmFlags: 'rd ex mr mw me sd ' },
    ...other,
  };
  const lines = Object.entries(amounts)
    .filter(([, value]) => value !== 'gone')
    .map(([name, value]) =>
      name === 'VmFlags' ? `VmFlags: ${value}` : `${`${name}:`.padEnd(16)}${value.padStart(12)}`,
    );
  return `${`${range} ${header} `.padEnd(73)}${path}\n${lines.join('\n')}\n`;
}

const found = (text: string) =>
  untouchedMappings(text, PROGRAM).map(({ from, bytes }) => [Number(from), Number(bytes)]);

test('read-only mappings of the program are found among others', () => {
  const text = [
    mapping(
      { range: '00400000-00402000', Size: '8 kB', VmFlags: 'rd mr mw me sd ' },
      'r--p 00000000 fe:00 7',
    ),
    mapping(),
    mapping({ range: '01000000-01001000', path: '/usr/lib/x86_64-linux-gnu/libc.so.6' }),
    mapping({ range: '02000000-02001000', path: '[heap]' }, 'rw-p 00000000 00:00 0'),
    mapping({ range: '7ffe00000000-7ffe00001000', path: '' }, 'rw-p 00000000 00:00 0'),
    mapping(
      { range: 'ffffffffff600000-ffffffffff601000', path: '[vsyscall]', VmFlags: 'ex' },
      '--xp 00000000 00:00 0',
    ),
  ].join('');
  assert.deepEqual(found(text), [
    [0x400000, 0x2000],
    [0x82e000, 0x1000],
  ]);
});

test('a mapping is left alone that has a page of its own, or that is not known not to have one', () => {
  for (const [what, text] of Object.entries({
    'written to': mapping({ Anonymous: '4 kB' }),
    'swapped out': mapping({ Swap: '4 kB' }),
    'held in memory': mapping({ Locked: '4 kB' }),
    'locked, with no page yet': mapping({ VmFlags: 'rd ex mr mw me lo sd ' }),
    'of huge pages': mapping({ Private_Hugetlb: '2048 kB' }),
    'writable by its flags': mapping({ VmFlags: 'rd wr ex mr mw me ' }),
    'of a device': mapping({ VmFlags: 'rd ex mr mw me io pf ' }),
    'without word of written pages': mapping({ Anonymous: 'gone' }),
    'without word of swap': mapping({ Swap: 'gone' }),
    'without flags': mapping({ VmFlags: 'gone' }),
    writable: mapping({}, 'rw-p 0042e000 fe:00 2908725'),
    'writable and executable': mapping({}, 'rwxp 0042e000 fe:00 2908725'),
    shared: mapping({}, 'r-xs 0042e000 fe:00 2908725'),
    'not readable': mapping({}, '---p 0042e000 fe:00 2908725'),
    'of no file': mapping({}, 'r-xp 0042e000 00:00 0'),
    'of a file that was removed': mapping({ path: `${PROGRAM} (deleted)` }),
    'of a file with a longer name': mapping({ path: `${PROGRAM}2` }),
  }))
    assert.deepEqual(found(text), [], what);
});

test('a text that is not wholly understood tells of no mapping', () => {
  const good = mapping({ range: '00400000-00401000' });
  for (const [what, text] of Object.entries({
    'nothing at all': '',
    'ends within a line': (good + mapping()).slice(0, -1),
    'ends within a mapping': `${good}${mapping().slice(0, 120)}\n`,
    'an amount before any mapping': `Anonymous:             0 kB\n${good}`,
    'an empty line': `${good}\n${mapping()}`,
    'an amount twice': good.replace('KSM:      ', 'Anonymous:'),
    'flags twice': `${good}VmFlags: rd\n`,
    'a negative amount': good + mapping({ Anonymous: '-4 kB' }),
    'another unit': good + mapping({ Anonymous: '0 MB' }),
    'an amount that is none': good + mapping({ Rss: 'nan kB' }),
    'a mapping of half a page': good + mapping({ range: '0082e000-0082e800', Size: '2 kB' }),
    'a mapping that ends before it begins': good + mapping({ range: '0082f000-0082e000' }),
    'a mapping that begins within a page': good + mapping({ range: '0082e100-0082f100' }),
    'a mapping that is longer than it says': good + mapping({ range: '0082e000-00830000' }),
    'a mapping without a size': good + mapping({ Size: 'gone' }),
    'a mapping without a page size': good + mapping({ KernelPageSize: 'gone' }),
    'pages of nothing': good + mapping({ KernelPageSize: '0 kB' }),
    'the same mapping twice': good + good,
    'mappings in disorder': mapping() + good,
    'an address that is longer than 64 bits':
      good + mapping({ range: '10000000000000000-10000000000001000' }),
    'a line of something else': `${good}Segmentation fault\n`,
  }))
    assert.throws(() => untouchedMappings(text, PROGRAM), Error, what);
});

test('no byte that is cut off or changed makes a mapping of one that is none', () => {
  const text = mapping({ range: '00400000-00401000', Anonymous: '4 kB' }) + mapping();
  const only = [[0x82e000, 0x1000]];
  for (let at = 0; at < text.length; at++)
    for (const damaged of [text.slice(0, at), text.slice(at), text.slice(0, at) + text.slice(at + 1)]) {
      let mappings: number[][];
      try {
        mappings = found(damaged);
      } catch {
        continue;
      }
      // What is left of the first mapping is never taken for one without pages of its own, nor is the second one moved.
      for (const one of mappings) assert.deepEqual([one], only, JSON.stringify(damaged.slice(0, 80)));
    }
});

test('this process has its program among them, and no mapping of another file', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, () => {
  const text = readFileSync('/proc/self/smaps', 'utf8');
  assert.ok(untouchedMappings(text, process.execPath).length > 0);
  assert.deepEqual(untouchedMappings(text, '/usr/bin/none'), []);
});
