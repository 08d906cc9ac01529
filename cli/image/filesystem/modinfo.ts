/** What a kernel module says of itself: the strings of the section ".modinfo" of its ELF file (include/linux/moduleparam.h). */

/**
 * The values of a key ("firmware", "version") in order; empty where the bytes are no 64-bit little-endian ELF, or have no such section.
 */
export function modinfo(elf: Buffer, key: string): string[] {
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1) return [];
  const [at, size, count, names] = [
    Number(elf.readBigUInt64LE(0x28)),
    elf.readUInt16LE(0x3a),
    elf.readUInt16LE(0x3c),
    elf.readUInt16LE(0x3e),
  ];
  if (size < 64 || at + count * size > elf.length || names >= count) return [];
  const section = (number: number) => {
    const header = at + number * size;
    const offset = Number(elf.readBigUInt64LE(header + 0x18));
    return elf.subarray(offset, offset + Number(elf.readBigUInt64LE(header + 0x20)));
  };
  const texts = section(names);
  for (let number = 0; number < count; number += 1) {
    const name = elf.readUInt32LE(at + number * size);
    if (texts.toString('latin1', name, name + 9) !== '.modinfo\0') continue;
    return section(number)
      .toString('latin1')
      .split('\0')
      .filter((text) => text.startsWith(`${key}=`))
      .map((text) => text.slice(key.length + 1));
  }
  return [];
}
