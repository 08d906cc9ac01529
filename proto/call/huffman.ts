/** Decoding of HPACK's Huffman code (RFC 7541, section 5.2 and Appendix B), in which a peer may write any text of a header. */

/**
 * How many bits the code of each byte has, 0 to 255, in base 32. The code is canonical: codes of a length count up with the byte, and
 * longer ones go on where shorter ones end. So the lengths are the whole of Appendix B.
 */
const LENGTHS =
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca' +
  'd67777777777777777777777878djde6f56565666577666567655677777fbeds' +
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn' +
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq';

/** The end of the text has the longest code, 30 bits of ones. What is left of the last byte is filled with its beginning. */
const LONGEST_BITS = 30;

/** For each length the first code, how many there are, and the bytes that they stand for. */
const first = new Uint32Array(LONGEST_BITS + 1);
const bytes: number[][] = Array.from({ length: LONGEST_BITS + 1 }, () => []);
for (let byte = 0; byte < LENGTHS.length; byte++) bytes[Number.parseInt(LENGTHS[byte] ?? '', 32)]?.push(byte);
for (let bits = 1; bits <= LONGEST_BITS; bits++)
  first[bits] = ((first[bits - 1] ?? 0) + (bytes[bits - 1]?.length ?? 0)) * 2;

/** The text of a code, a character a byte. Throws an Error where it is none. */
export function decodeHuffman(code: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of code)
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      value = value * 2 + (byte & mask ? 1 : 0);
      if (++bits > LONGEST_BITS) throw new Error('a text is not in the Huffman code');
      const found = bytes[bits]?.[value - (first[bits] ?? 0)];
      if (found === undefined) continue;
      text += String.fromCharCode(found);
      value = 0;
      bits = 0;
    }
  // Fewer than eight bits may be left, all of them ones.
  if (bits > 7 || value !== 2 ** bits - 1) throw new Error('a text ends within a code');
  return text;
}
