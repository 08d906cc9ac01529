/** The course of a series in the characters that a terminal has for it, and its numbers in few characters. */

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A value at a time. */
export interface CoursePoint {
  /** Any unit, the same as that of the bounds. */
  time: number;
  value: number;
}

/** How much a counter grew from one point to the next; one that fell began anew at 0. */
function growth(before: number, after: number): number {
  return after < before ? after : after - before;
}

/** The rates of a counter between its points, each at the time of the later one. */
export function rates(points: readonly CoursePoint[]): CoursePoint[] {
  return points.slice(1).map(({ time, value }, at) => {
    const before = points[at] ?? { time, value };
    return { time, value: growth(before.value, value) / Math.max(1, time - before.time) };
  });
}

/**
 * A line of so many characters from one time to another, a block for the highest value in each; a blank where there is none.
 * The lowest block is 0 where `fromZero`, else the lowest value.
 */
export function course(
  points: readonly CoursePoint[],
  from: number,
  until: number,
  width: number,
  fromZero: boolean,
): string {
  const highest = new Array<number | undefined>(width).fill(undefined);
  for (const { time, value } of points) {
    const at = Math.min(width - 1, Math.max(0, Math.floor(((time - from) / (until - from)) * width)));
    highest[at] = Math.max(highest[at] ?? Number.NEGATIVE_INFINITY, value);
  }
  const all = highest.filter((value) => value !== undefined);
  const low = fromZero ? 0 : Math.min(...all);
  const span = Math.max(...all) - low;
  return highest
    .map((value) => {
      if (value === undefined) return ' ';
      const step = span > 0 ? Math.ceil(((value - low) / span) * (BLOCKS.length - 1)) : 0;
      return BLOCKS[step] ?? BLOCKS[0];
    })
    .join('')
    .trimEnd();
}

const LARGE = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;

/** A number in few characters: "0", "12.5", "1.23M", "0.000012", "-3.1e-9". */
export function shortNumber(value: number): string {
  const amount = Math.abs(value);
  if (Number.isInteger(value) && amount < 100_000) return String(value);
  if (amount >= 1_000) {
    const step = Math.min(LARGE.length - 1, Math.floor(Math.log10(amount) / 3));
    return `${trimmed((value / 1_000 ** step).toPrecision(4))}${LARGE[step] ?? ''}`;
  }
  if (amount >= 1) return trimmed(value.toPrecision(4));
  return amount < 1e-6 ? trimmed(value.toExponential(1)) : trimmed(value.toFixed(9).slice(0, fitting(value)));
}

/** Where three significant digits of a decimal below 1 end. */
function fitting(value: number): number {
  const text = value.toFixed(9);
  const first = text.search(/[1-9]/);
  return first < 0 ? text.length : first + 3;
}

function trimmed(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text.replace('.0e', 'e');
}
