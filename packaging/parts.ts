/** What is agreed between the build of a program in parts (bundle.ts) and what loads them (cli-loader.ts). */

/** The part that the program begins in. */
export const FIRST_PART = 'first.js';

/** The variable of the environment that says where the parts are while the executable is built. */
export const PARTS_VARIABLE = 'NODECTL_PARTS';
