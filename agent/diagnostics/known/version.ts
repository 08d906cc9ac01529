/** Versions of kernels, packages and firmware: compared by their parts, as Debian's and Red Hat's tools do. */

/**
 * Compares two versions: digits by value, everything else by text, "~" before everything, even the end. Negative where `a` is
 * older. An epoch ("1:") counts first.
 */
export function compareVersions(a: string, b: string): number {
  const [epochA, restA] = epochOf(a);
  const [epochB, restB] = epochOf(b);
  if (epochA !== epochB) return epochA - epochB;
  const partsA = partsOf(restA);
  const partsB = partsOf(restB);
  for (let index = 0; index < Math.max(partsA.length, partsB.length); index++) {
    const difference = comparePart(partsA[index], partsB[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

const MAX_LENGTH = 200;

function epochOf(version: string): [number, string] {
  const match = /^(\d{1,9}):(.*)$/.exec(version.slice(0, MAX_LENGTH));
  return match ? [Number(match[1]), match[2] ?? ''] : [0, version.slice(0, MAX_LENGTH)];
}

/** Numbers, words and "~"; what only separates is left out, so that "1.2-3" and "1.2.3" are the same. */
function partsOf(version: string): string[] {
  return version.match(/\d+|[A-Za-z]+|~/g) ?? [];
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~') return -1;
  if (b === '~') return 1;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const numberA = /^\d/.test(a);
  const numberB = /^\d/.test(b);
  // A number is newer than a word, as rpm has it: 1.2 is newer than 1.rc2.
  if (numberA !== numberB) return numberA ? 1 : -1;
  if (!numberA) return a < b ? -1 : 1;
  const [x, y] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
  if (x.length !== y.length) return x.length - y.length;
  return x === y ? 0 : x < y ? -1 : 1;
}

/** The branch of an upstream version: "6.1" of "6.1.64". */
export function branchOf(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? '';
}
