/** The plan of the catalogue's wordings (wording-plan.ts) that a build has made; packaging/bundle.ts has it stand in this file's place. */

/** Packed; undefined in a checkout. */
export const BUILT_PLAN: string | undefined = undefined;
