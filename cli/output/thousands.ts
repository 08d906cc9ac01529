/** Numbers as people read them. */

/** A whole number with commas between its thousands. (toLocaleString would load Intl's data for it, which takes 10 ms.) */
export function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
