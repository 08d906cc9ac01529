/** Amounts of bytes for people. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** "812 B", "4.2 MiB". */
export function bytesText(bytes: number): string {
  if (!(bytes >= 1_024)) return `${Math.max(0, Math.round(bytes) || 0)} B`;
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1_024 ** power).toFixed(1)} ${UNITS[power]}`;
}
