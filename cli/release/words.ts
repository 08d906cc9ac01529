/** Releases of the agent as people read them. */

/** A release by the beginning of its name; "baked" for the agent of the node’s image, "-" where there is none. */
export function releaseName(release: string): string {
  return release === '' ? '-' : release.slice(0, 12);
}
