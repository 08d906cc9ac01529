/**
 * Recognises troubles in messages: the index finds the few wordings that a line could have (wording-index.ts), and these are
 * tried in the order of the catalogue. The first that fits wins, so what is special stands before what is general.
 */

import type { DeviceKind, Signature } from './signature.ts';
import { compileTemplate, MAX_TEXT } from './template.ts';
import { WordingIndex } from './wording-index.ts';
import type { WordingPlan } from './wording-plan.ts';

/** What was recognised in a message. */
export interface Recognised {
  readonly signature: Signature;
  /** The device that the message is about, as the kernel calls it; undefined where it names none. */
  readonly device: string | undefined;
  /** The driver and the address on its bus, where the message begins with them ("e1000e 0000:00:19.0 eno1: "). */
  readonly driver: string | undefined;
  readonly bus: string | undefined;
}

interface Wording {
  readonly signature: Signature;
  readonly template: string;
  /** Made when a line first needs them: most never do. */
  pattern: RegExp | undefined;
  except: readonly RegExp[];
}

/** What dev_printk and netdev_printk put before a message. */
const HEAD =
  /^(?:\w{1,48}: )?([\w.-]{1,32}) ([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]{1,2})(?:: | ([\w.:@-]{1,20})(?: \([^)]{1,40}\)){0,2}: | (?:\([^)]{1,40}\) ?){1,2}: )/;
/** A controller of disks, a memory card or a replicated disk that its driver numbers: "mpt3sas_cm0: ", "block drbd0: ". */
const HOST_ADAPTER =
  /^(?:block (?=drbd))?(mpt[23]sas(?:_cm)?\d{1,3}|mpi3mr\d{1,3}|arcmsr\d{1,3}|megasas\d{1,3}|mmc(?:blk)?\d{1,3}|drbd\d{1,7}):\s/;
/** An interface that its driver names alone, or behind a device of USB, virtio or the board: "r8152 2-1:1.0 eth1: ". */
const INTERFACE =
  /^(?:(?=eth|en[ops]|ib)|[\w.-]{1,32} (?:\d{1,3}-[\d.]{1,16}:\d{1,2}\.\d{1,2}|virtio\d{1,5}|[\w-]{1,32}\.[\w.]{1,32}) (?!\())([a-z][\w.@-]{1,15}): /;
/** What a message may begin with in place of a driver and an address, by the kind of its device. */
const BEGINNINGS: Partial<Record<DeviceKind, RegExp>> = {
  pci: HOST_ADAPTER,
  disk: HOST_ADAPTER,
  nic: INTERFACE,
};
/** jbd2 calls a journal after its device and inode, which is 8 for all that e2fsprogs make: "sda1-8". */
const JOURNAL = /^(?!dm-\d+$)(.+)-8$/;
const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]{1,2}$/;

/** A catalogue, ready to be matched. */
export class Recogniser {
  /** Finds wordings and, behind them, marks. */
  readonly index: WordingIndex;
  readonly #signatures: readonly Signature[];
  /** By wording, made when a line first needs it. */
  readonly #wordings: (Wording | undefined)[] = [];

  /**
   * @param signatures in the order in which they are tried
   * @param plan of the wordings of all of them, in their order
   */
  constructor(signatures: readonly Signature[], plan: WordingPlan) {
    this.#signatures = signatures;
    this.index = new WordingIndex(plan);
  }

  /** Recognises a message of the kernel, or of the program that is named. Only its beginning is looked at. */
  recognise(text: string, program?: string): Recognised | undefined {
    const bytes = Buffer.from(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text, 'latin1');
    return this.among(this.index.look(bytes, 0, bytes.length).candidates, text, program);
  }

  /** The same as recognise() where the wordings that the line may have are known. @param candidates in their order */
  among(candidates: readonly number[], text: string, program?: string): Recognised | undefined {
    if (candidates.length === 0) return undefined;
    const bounded = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
    for (const index of candidates) {
      const found = this.#match(index, bounded, program);
      if (found) return found;
    }
    return undefined;
  }

  #match(index: number, text: string, program: string | undefined): Recognised | undefined {
    const wording = this.#wording(index);
    const { signature } = wording;
    if (!spokenBy(signature, text, program)) return undefined;
    if (!wording.pattern) {
      wording.pattern = compileTemplate(wording.template).pattern;
      wording.except = signature.except.map((one) => compileTemplate(one).pattern);
    }
    const groups = wording.pattern.exec(text);
    if (!groups || wording.except.some((one) => one.test(text))) return undefined;
    return { signature, ...deviceOf(signature, text, groups.groups ?? {}) };
  }

  #wording(index: number): Wording {
    const known = this.#wordings[index];
    if (known) return known;
    let before = 0;
    for (const signature of this.#signatures) {
      const template = signature.lines[index - before];
      if (template !== undefined) {
        const wording: Wording = { signature, template, pattern: undefined, except: [] };
        this.#wordings[index] = wording;
        return wording;
      }
      before += signature.lines.length;
    }
    throw new RangeError(`the catalogue has no wording ${index}`);
  }
}

/** Whether a signature is to be looked for in lines of a program; undefined is the kernel. */
function spokenBy({ programs }: Signature, text: string, program: string | undefined): boolean {
  if (programs.length === 0) return program === undefined;
  if (program !== undefined) return programs.includes(program);
  // Programs write into the kernel's log too, with their name before the message.
  const name = /^([\w.-]{1,32})(?:\[[\d.]{1,16}\])?: /.exec(text)?.[1];
  return name !== undefined && programs.includes(name);
}

function deviceOf(
  { device: kind }: Signature,
  text: string,
  { dev, cpu }: Readonly<Record<string, string | undefined>>,
): Omit<Recognised, 'signature'> {
  const [, driver, bus, netdev] = HEAD.exec(text) ?? [];
  const named =
    cpu === undefined
      ? dev?.replace(/\.$/, '').replace(kind === 'filesystem' ? JOURNAL : /$^/, '$1')
      : `cpu${Number(cpu)}`;
  // An address is what is left where the device has no name yet; a NIC's own name is worth more than that or its driver's.
  const better = named === undefined || named === driver || ADDRESS.test(named);
  const device = better ? (netdev ?? named) : named;
  const fallback =
    kind === 'node' || kind === 'cpu' || kind === 'process'
      ? undefined
      : (bus ?? BEGINNINGS[kind]?.exec(text)?.[1]);
  return { device: device ?? fallback, driver, bus };
}
