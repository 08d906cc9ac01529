/** Bundling by esbuild: names kept for stack traces, nothing loaded before it is needed. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { SIGNATURES } from '../agent/diagnostics/signatures/catalogue.ts';
import { planForScan } from '../agent/diagnostics/signatures/line-scanner.ts';
import { packPlan } from '../agent/diagnostics/signatures/wording-plan.ts';
import { commitOfCheckout } from '../proto/version.ts';
import { CALL_BUILTIN, callBuiltins } from './builtins.ts';
import { FIRST_PART } from './parts.ts';

const top = join(import.meta.dirname, '..');

/** CommonJS packages inside an ES module call `require`, which such a module has to make itself. */
const REQUIRE_FOR_ESM = `${CALL_BUILTIN}const require=process.getBuiltinModule("node:module").createRequire(import.meta.url);`;

/** What all output has in common. */
const OUTPUT: BuildOptions = {
  platform: 'node',
  target: 'node26',
  // Identifiers stay as they are: a stack trace from the field must name our functions.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'error',
};

/**
 * Writes a program as ES modules for Node, with source maps beside them. What is reached by `import()` alone is in files of its
 * own in chunks/, which take no memory until then. Throws when esbuild finds an error or warns of something.
 *
 * @param entry the source file that the program begins in
 * @param out the module to write that it begins in, "….mjs"
 */
export async function bundle(entry: string, out: string): Promise<void> {
  const metafile = await split(entry, dirname(out), {
    entryNames: basename(out, extname(out)),
    outExtension: { '.js': extname(out) },
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: 'external',
    banner: { js: REQUIRE_FOR_ESM },
  });
  callBuiltinsIn(metafile);
}

/** Writes a script that needs nothing but Node as one CommonJS file. Throws as `bundle` does. */
export async function bundleScript(entry: string, out: string): Promise<void> {
  await build({ ...OUTPUT, entryPoints: [entry], outfile: out, bundle: true, format: 'cjs' });
}

/**
 * Writes a program as CommonJS files, with source maps beside them, for what knows no ES modules: FIRST_PART, and the others that
 * it and they require by "./NAME.js". An `import()` becomes a `require` in a promise. Throws as `bundle` does.
 *
 * @param entry the source file that the program begins in
 * @param folder where to write
 */
export async function bundleParts(entry: string, folder: string): Promise<void> {
  const modules = mkdtempSync(join(tmpdir(), 'nodectl-parts-'));
  try {
    await split(entry, modules, {
      entryNames: basename(FIRST_PART, '.js'),
      chunkNames: '[name]-[hash]',
      // Both are found there, and taken out, when the modules become CommonJS.
      sourcemap: 'linked',
      legalComments: 'inline',
      // Only code for runs from source asks where its file is.
      define: { 'import.meta.dirname': '""', 'import.meta.main': 'false' },
    });
    const names = readdirSync(modules).filter((name) => name.endsWith('.js'));
    await build({
      ...OUTPUT,
      entryPoints: names.map((name) => join(modules, name)),
      outdir: folder,
      format: 'cjs',
      supported: { 'dynamic-import': false },
      sourcemap: 'external',
    });
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}

/** CommonJS packages that are reached by `import()` for their default export alone. */
export const DEFAULT_ONLY: readonly string[] = ['systeminformation'];

/** Throws where an `import()` reaches a CommonJS package: once it is split off, esbuild gives it a default export and no others. */
function refuseLazyCommonJs({ inputs }: Metafile): void {
  for (const [path, { imports }] of Object.entries(inputs))
    for (const { kind, path: imported } of imports)
      if (kind === 'dynamic-import' && inputs[imported]?.format === 'cjs')
        if (!DEFAULT_ONLY.some((name) => imported.startsWith(`node_modules/${name}/`)))
          throw new Error(`${path} imports ${imported} by import(): import a module that imports it instead`);
}

/** Has a program carry the plan by which troubles are looked for in logs, which takes long to work out. */
const BUILT_PLAN: Plugin = {
  name: 'built-plan',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]signatures[/\\]built-plan\.ts$/ }, () => ({
      contents: `export const BUILT_PLAN = ${JSON.stringify(packPlan(planForScan(SIGNATURES)))};`,
    })),
};

/** Bundles into ES modules that share what they have in common. */
async function split(entry: string, outdir: string, options: BuildOptions): Promise<Metafile> {
  const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { version: string };
  const { metafile, warnings } = await build({
    ...OUTPUT,
    ...options,
    absWorkingDir: top,
    entryPoints: [entry],
    outdir,
    bundle: true,
    plugins: [BUILT_PLAN],
    splitting: true,
    metafile: true,
    format: 'esm',
    define: {
      NODECTL_VERSION: JSON.stringify(version),
      NODECTL_COMMIT: JSON.stringify(commitOfCheckout(top)),
      ...options.define,
    },
  });
  if (warnings.length > 0)
    throw new Error(`esbuild warns about ${entry}: ${warnings.map(({ text }) => text).join('; ')}`);
  refuseLazyCommonJs(metafile);
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
