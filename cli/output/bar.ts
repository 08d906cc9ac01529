/** The bar that shows how far something is. */

const COLUMNS = 20;

/** "[#####...............]  25 %" of a share from 0 to 1. */
export function barText(share: number): string {
  const within = Math.max(0, Math.min(1, share));
  const full = Math.round(within * COLUMNS);
  return `[${'#'.repeat(full)}${'.'.repeat(COLUMNS - full)}] ${String(Math.floor(within * 100)).padStart(3)} %`;
}
