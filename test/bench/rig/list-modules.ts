/**
 * Preloaded into a run of nodectl from source (`node --import`): at the end it writes what was loaded, as JSON, to the
 * file that NODECTL_MODULES_FILE names.
 */

import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const files: Record<string, number> = {};
const builtins = new Set<string>();

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (url.startsWith('node:')) builtins.add(url.slice('node:'.length));
    else files[url] = Buffer.byteLength(loaded.source ?? '');
    return loaded;
  },
});

const { getBuiltinModule } = process;
process.getBuiltinModule = ((id: string) => {
  builtins.add(id.replace(/^node:/, ''));
  return getBuiltinModule(id);
}) as typeof getBuiltinModule;

const target = process.env.NODECTL_MODULES_FILE;
process.once('exit', () => {
  if (target) writeFileSync(target, JSON.stringify({ files, builtins: [...builtins].sort() }));
});
