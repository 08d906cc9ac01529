/** Bundling by esbuild: names kept for stack traces, nothing loaded before it is needed. */

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { commitOfCheckout } from '../proto/version.ts';
import { CALL_BUILTIN, callBuiltins } from './builtins.ts';

/** What to bundle. */
export interface BundleOptions {
  /** The source file that the program begins in. */
  entry: string;
  /** The file to write; source maps are written beside it. */
  out: string;
  /**
   * "cjs" for a start-up snapshot, which knows no ES modules: all in one file, where `import()` of our own files runs an
   * initialiser. Or "esm": what is reached by `import()` alone is in files of its own, which take no memory until then.
   */
  format: 'cjs' | 'esm';
}

const top = join(import.meta.dirname, '..');

/** CommonJS packages inside an ES module call `require`, which such a module has to make itself. */
const REQUIRE_FOR_ESM = `${CALL_BUILTIN}const require=process.getBuiltinModule("node:module").createRequire(import.meta.url);`;

/** Writes a bundle and gives esbuild's account of what went into it. Throws when esbuild finds an error or warns of something. */
export async function bundle({ entry, out, format }: BundleOptions): Promise<Metafile> {
  const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { version: string };
  const { metafile, warnings } = await build({
    absWorkingDir: top,
    entryPoints: { [basename(out, extname(out))]: entry },
    outdir: dirname(out),
    outExtension: { '.js': extname(out) },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node26',
    format,
    // Identifiers stay as they are: a stack trace from the field must name our functions.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'linked',
    logLevel: 'error',
    define: {
      NODECTL_VERSION: JSON.stringify(version),
      NODECTL_COMMIT: JSON.stringify(commitOfCheckout(top)),
      // Only code for runs from source asks where its file is.
      ...(format === 'cjs' ? { 'import.meta.dirname': '""', 'import.meta.main': 'false' } : {}),
    },
    ...(format === 'cjs'
      ? { supported: { 'dynamic-import': false } }
      : { splitting: true, banner: { js: REQUIRE_FOR_ESM } }),
  });
  if (warnings.length > 0)
    throw new Error(`esbuild warns about ${entry}: ${warnings.map(({ text }) => text).join('; ')}`);
  if (format === 'esm') callBuiltinsIn(metafile);
  return metafile;
}

function callBuiltinsIn({ outputs }: Metafile): void {
  for (const [path, { imports }] of Object.entries(outputs)) {
    const expected = imports.filter(
      ({ path: imported, kind }) => kind === 'import-statement' && imported.startsWith('node:'),
    ).length;
    if (expected === 0) continue;
    const file = join(top, path);
    writeFileSync(file, callBuiltins(readFileSync(file, 'utf8'), expected));
  }
}
