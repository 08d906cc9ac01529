/** Devices of the PCI bus, as `lspci -vv` printed them on a captured machine (pciutils 3.1 to 3.13): links and error bits. */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { savedText } from '../required.ts';
import { sysfsPciDevices } from './pci-sysfs.ts';

/** A link: GT/s and lanes. */
export interface PciLink {
  readonly speed: number;
  readonly width: number;
}

/** A device. What is not told is undefined. */
export interface PciDevice {
  /** "01:00.0", "0000:01:00.0". */
  readonly address: string;
  /** "Ethernet controller", "Non-Volatile memory controller". */
  readonly type: string;
  readonly name: string;
  readonly can: PciLink | undefined;
  readonly runs: PciLink | undefined;
  /** The bus behind a bridge, in hexadecimal: "01". */
  readonly bus: string | undefined;
  /** Errors that its registers hold: "CmpltTO", "MalfTLP"; and that it corrected: "RxErr", "BadTLP". */
  readonly fatal: readonly string[];
  readonly corrected: readonly string[];
  /** How many errors the kernel counted that were corrected; undefined where bits alone tell of them. */
  readonly correctedCount?: number;
  /** Whether counts of errors are told, be they zero. */
  readonly counted?: boolean;
}

type Draft = { -readonly [K in keyof PciDevice]: PciDevice[K] };

const MAX_ROWS = 200_000;
const HEAD =
  /^((?:[0-9a-f]{4,5}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) (?:"?)([A-Z][^:["]{2,60}?)(?: \[[0-9a-f]{4}\])?: (.{1,200})$/;
const LINK = /Speed ([\d.]{1,5})GT\/s(?: \([^)]*\))?, Width x(\d{1,2})/;
/**
 * Bits that mean a trouble where they are set. UnsupReq, UnxCmplt and ACSViol are set by looking for devices at boot, AdvNonFatalErr by
 * the same.
 */
const FATAL = /^(?:DLP|SDES|FCP|CmpltTO|CmpltAbrt|RxOF|MalfTLP|ECRC|UncorrIntErr|TLP)\+$/;
const CORRECTED = /^(?:RxErr|BadTLP|BadDLLP|Rollover|Timeout)\+$/;

/** Parses the output. Lines of others are passed over. */
function parseLspci(text: string): PciDevice[] {
  const found: Draft[] = [];
  let within = false;
  for (const raw of text.split('\n', MAX_ROWS)) {
    const row = raw.slice(0, 1_000).replace(/\r$/, '');
    const head = HEAD.exec(row);
    // The heading of what was asked for by its address alone.
    const nameless = head?.[2] === 'Device' && head[3] === 'unnamed';
    if (head)
      found.push({
        address: head[1] ?? '',
        ...(nameless ? { type: '', name: '' } : { type: head[2] ?? '', name: head[3] ?? '' }),
        ...{ can: undefined, runs: undefined, bus: undefined, fatal: [], corrected: [] },
      });
    // What is about a device stands right below it, indented unless a mail program took that away.
    within = head !== null || (within && row.trim() !== '');
    const one = found.at(-1);
    if (!one || !within || head) continue;
    const words = row.trim();
    const link = LINK.exec(words);
    const is = link && { speed: Number(link[1]), width: Number(link[2]) };
    if (is && words.startsWith('LnkCap:')) one.can = is;
    else if (is && words.startsWith('LnkSta:')) one.runs = is;
    else if (words.startsWith('Bus: ')) one.bus = /secondary=([0-9a-f]{2})/.exec(words)?.[1];
    else if (words.startsWith('UESta:')) one.fatal = bits(words, FATAL);
    else if (words.startsWith('CESta:')) one.corrected = bits(words, CORRECTED);
  }
  return found;
}

function bits(words: string, wanted: RegExp): string[] {
  return words.split(/\s+/).flatMap((word) => (wanted.test(word) ? [word.slice(0, -1)] : []));
}

/** Devices of the bus with links or errors. @throws Unavailable absent on a running machine, not-captured, nonsense */
export const pciDevices = fact({
  id: 'system.pci-devices',
  reads: ['lspci -vv, and links and counts of errors in /sys/bus/pci/devices, where they were saved'],
  limitMs: 2_000,
  read: ({ machine }): readonly PciDevice[] => {
    const files = machine.live ? [] : sysfsPciDevices(machine);
    if (files.length > 0 && (machine.saved?.('lspci') ?? []).length === 0) return files;
    const found = parseLspci(savedText(machine, 'lspci'));
    if (files.length > 0) return merged(found, files);
    if (found.every(({ runs, fatal, corrected }) => !runs && fatal.length + corrected.length === 0))
      throw new Unavailable(
        'not-captured',
        'what was saved of lspci tells of no link (lspci -vv as root does)',
      );
    return found;
  },
});

/** What lspci told, with the kernel's counts of the same devices. */
function merged(told: readonly PciDevice[], files: readonly PciDevice[]): PciDevice[] {
  const plain = ({ address }: PciDevice) => address.replace(/^0000:/, '');
  const own = (file: PciDevice) => told.find((one) => plain(one) === plain(file));
  return [
    ...told.filter((one) => !files.some((file) => plain(file) === plain(one))),
    ...files.map((file): PciDevice => {
      const known = own(file);
      return known
        ? {
            ...known,
            can: known.can ?? file.can,
            runs: known.runs ?? file.runs,
            ...(file.counted
              ? {
                  fatal: file.fatal,
                  corrected: file.corrected,
                  correctedCount: file.correctedCount ?? 0,
                  counted: true,
                }
              : {}),
          }
        : file;
    }),
  ];
}

/** The bridge that a device stands behind. */
export function bridgeOf(device: PciDevice, all: readonly PciDevice[]): PciDevice | undefined {
  const bus = device.address.split(':').at(-2);
  return all.find((one) => one.bus === bus && one.address !== device.address);
}
