/**
 * Modules of Node by a call instead of an import, in the bundle of a program that stays in memory. An ES module's import of such
 * a module reads every property that it exports, also those that load something else when they are first read: node:crypto its
 * web API, node:util a parser of arguments and a comparison of texts. A call reads what it names.
 */

/** What calls a module, in the place of `import`: as short as makes a statement no longer than it was. */
const CALL = '$n';

/** The line that has to stand before such calls. */
export const CALL_BUILTIN = `const ${CALL}=process.getBuiltinModule;`;

/** Imports of Node's modules as esbuild writes them where white space is minified. */
const IMPORT = /import(?:\{([^}]*)\}| ([\w$]+) |\*as ([\w$]+) )from"(node:[a-z/_0-9]+)"/g;

/**
 * The text with such calls, in which nothing else has moved: each is as long as what it replaces, so source maps hold.
 * @param expected how many imports there are, as esbuild counts them
 * @throws Error where it finds another number of them: esbuild writes them otherwise than this expects
 */
export function callBuiltins(text: string, expected: number): string {
  let found = 0;
  const called = text.replace(
    IMPORT,
    (statement, names?: string, whole?: string, space?: string, module = '') => {
      found++;
      // "a as b" of an import is "a:b" here.
      const target = names === undefined ? ` ${whole ?? space}` : `{${names.replaceAll(' as ', ':')}}`;
      return `const${target}=${CALL}("${module}")`.padEnd(statement.length);
    },
  );
  if (found !== expected)
    throw new Error(
      `${found} imports of Node's modules were found in a bundle where esbuild has ${expected}`,
    );
  return called;
}
