/**
 * The kernel's taint as people and programs tell of it without the file: the loop of the kernel's documentation that prints each bit,
 * kernel-chktaint, abrt, tests that print the value.
 */

/** `for i in $(seq 18); do echo $(($i-1)) $(($(cat /proc/sys/kernel/tainted)>>($i-1)&1)); done` */
const LOOP = /\/proc\/sys\/kernel\/tainted\s*\)\s*>>/;
const BIT = /^\s*(\d{1,2}) ([01])\s*$/;
/** abrt: "your kernel has been tainted (flags:GBDL)". */
const FLAGS = /\btainted \(flags: ?([A-Z][A-Z ]{0,24})\)/;
/** "Kernel taint value is 512", "kernel_tainted: 513", "Raw taint value as int/string:" with the number below. */
const VALUE =
  /^\W{0,12}(?:kernel[_ ]taint(?:ed)?(?: value)?(?: is|:)|raw taint value(?: as int\/string)?:)\s*(\d{1,20})\b/i;
const RAW = /^\s*raw taint value\b/i;
const BELOW = /^\s{0,8}(\d{1,20})\/'/;
/** kernel-chktaint: " * kernel issued warning (#9)". */
const REASONS = /^\s*Kernel is "?tainted"? for the following reasons:/i;
const REASON = /^\s*\* .{3,100}\(#(\d{1,2})\)\s*$/;
/** Bits by their letters, in their order (Documentation/admin-guide/tainted-kernels.rst). */
const LETTERS = 'PFSRMBUDAWCIOELKXTNJ';

/** The mask as a line, "taint mask: 640"; empty where nothing tells it. */
export function taintWordsOf(text: string): string {
  if (!/taint/i.test(text)) return '';
  let mask: bigint | undefined;
  const set = (bits: bigint) => {
    mask = (mask ?? 0n) | bits;
  };
  let within: 'loop' | 'reasons' | 'raw' | undefined;
  for (const raw of text.split('\n', 100_000)) {
    const line = raw.slice(0, 300).replace(/\r$/, '');
    const flags = FLAGS.exec(line)?.[1];
    const value = VALUE.exec(line)?.[1] ?? (within === 'raw' ? BELOW.exec(line)?.[1] : undefined);
    const [, bit, one] = (within === 'loop' && BIT.exec(line)) || [];
    const reason = within === 'reasons' ? REASON.exec(line)?.[1] : undefined;
    if (flags !== undefined)
      set(
        [...flags].reduce(
          (sum, letter) => (LETTERS.includes(letter) ? sum | (1n << BigInt(LETTERS.indexOf(letter))) : sum),
          0n,
        ),
      );
    else if (value !== undefined) set(BigInt(value));
    else if (bit !== undefined) set(one === '1' ? 1n << BigInt(bit) : 0n);
    else if (reason !== undefined) set(1n << BigInt(reason));
    if (LOOP.test(line)) within = 'loop';
    else if (REASONS.test(line)) within = 'reasons';
    else if (RAW.test(line)) within = 'raw';
    else if (within === 'raw') within = undefined;
    else if (within === 'loop' && bit === undefined && /[$#] \S/.test(line)) within = undefined;
  }
  return mask === undefined ? '' : `taint mask: ${mask}\n`;
}
