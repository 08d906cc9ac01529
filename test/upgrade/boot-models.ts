/**
 * What the two boot loaders do with what they find, written from their behaviour and not from our own code: GRUB by the lines of
 * packaging/boot/grub.cfg and its commands load_env and save_env, systemd-boot by its order of entries and its counting. The
 * interop tests hold the first against GRUB itself.
 */

/** What a loader reads from. */
export interface FileView {
  /** A file's content; undefined where there is none. */
  read(path: string): Buffer | undefined;
  /** Names in a folder; none where there is no folder. */
  list(path: string): string[];
}

/** A change that the loader makes before it starts a kernel. */
export type LoaderWrite =
  | { readonly kind: 'overwrite'; readonly path: string; readonly content: Buffer }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string };

/** What a loader does. */
export interface LoaderRun {
  /** In their order. */
  readonly writes: readonly LoaderWrite[];
  /** What it starts; undefined where nothing could be loaded: GRUB then restarts, systemd-boot waits for a person. */
  readonly started?: {
    readonly slot: 'a' | 'b';
    readonly kernel: Buffer;
    readonly initrd?: Buffer;
    readonly commandLine: string;
  };
}

const SIGNATURE = '# GRUB Environment Block\n';
const COPIES = ['nodectl/grubenv', 'nodectl/grubenv2'];
const NAMES = [
  'SEQ',
  'ORDER',
  ...['A', 'B'].flatMap((s) => ['OK', 'TRY', 'STATE', 'DEPLOY', 'SERIAL'].map((n) => `${s}_${n}`)),
  'SUM',
];

/** load_env of the names above; undefined where GRUB says "invalid environment block". */
function loadEnv(block: Buffer | undefined): Map<string, string> | undefined {
  const text = block?.toString('latin1') ?? '';
  if (!text.startsWith(SIGNATURE)) return undefined;
  const found = new Map<string, string>();
  for (const line of text.slice(SIGNATURE.length).split('\n')) {
    const at = line.indexOf('=');
    if (!line.startsWith('#') && at > 0 && NAMES.includes(line.slice(0, at)))
      found.set(line.slice(0, at), line.slice(at + 1));
  }
  return found;
}

/** save_env: values are replaced where they stand, and what is not set is taken out. */
function saveEnv(block: Buffer | undefined, values: ReadonlyMap<string, string>): Buffer | undefined {
  if (loadEnv(block) === undefined || block === undefined) return undefined;
  let lines = block.toString('latin1').slice(SIGNATURE.length).split('\n');
  const rest = lines.pop() ?? '';
  if (/[^#]/.test(rest)) return undefined;
  for (const name of NAMES) {
    const value = values.get(name);
    const at = lines.findIndex((line) => line.startsWith(`${name}=`));
    if (value === undefined) lines = lines.filter((_, index) => index !== at);
    else if (at >= 0) lines[at] = `${name}=${value}`;
    else lines.push(`${name}=${value}`);
  }
  const text = SIGNATURE + lines.map((line) => `${line}\n`).join('');
  return text.length > block.length ? undefined : Buffer.from(text.padEnd(block.length, '#'), 'latin1');
}

/** GRUB with packaging/boot/grub.cfg. @param writable whether GRUB can write to a copy: not to one with holes */
export function runGrub(
  view: FileView,
  roots: { a: string; b: string },
  writable: (path: string) => boolean = () => true,
): LoaderRun {
  let [from = '', to = ''] = COPIES;
  const values = new Map(loadEnv(view.read(from)));
  if (!values.get('SEQ')) {
    [to, from] = [from, to];
    for (const [name, value] of loadEnv(view.read(from)) ?? []) values.set(name, value);
  }
  if (!values.get('SEQ'))
    for (const [name, value] of Object.entries({
      SEQ: '0',
      ORDER: 'A B',
      A_OK: '1',
      A_TRY: '0',
      B_OK: '1',
      B_TRY: '0',
    }))
      values.set(name, value);
  const pick = () => {
    for (const slot of (values.get('ORDER') ?? '').split(/ +/)) {
      const tried = ['0', '1', '2'].indexOf(values.get(`${slot}_TRY`) ?? '');
      if (!['A', 'B'].includes(slot) || values.get(`${slot}_OK`) !== '1' || tried < 0) continue;
      values.set(`${slot}_TRY`, String(tried + 1));
      return slot;
    }
    return undefined;
  };
  let chosen = pick();
  if (chosen === undefined) {
    values.set('A_TRY', '0').set('B_TRY', '0');
    chosen = pick() ?? 'A';
  }
  const writes: LoaderWrite[] = [];
  const save = (path: string) => {
    const content = writable(path) ? saveEnv(view.read(path), values) : undefined;
    if (content) writes.push({ kind: 'overwrite', path, content });
    return content !== undefined;
  };
  save(to);
  const other = () => (chosen === 'A' ? 'B' : 'A');
  if (!save(from) && values.get(`${chosen}_STATE`) === 'armed' && values.get(`${other()}_OK`) === '1')
    chosen = other();
  const start = () => {
    const slot = chosen === 'A' ? 'a' : 'b';
    const kernel = view.read(`nodectl/${slot}/vmlinuz`);
    const initrd = view.read(`nodectl/${slot}/initrd.img`);
    const args =
      /^set args='(.*)'$/m.exec(view.read(`nodectl/${slot}/slot.cfg`)?.toString('latin1') ?? '')?.[1] ?? '';
    // An empty file is no kernel and no initrd.
    if (!kernel?.length || initrd?.length === 0) return undefined;
    const own = `root=${roots[slot]} ro panic=10 nodectl.slot=${slot} nodectl.deploy=${values.get(`${chosen}_DEPLOY`) ?? ''}`;
    return { slot, kernel, ...(initrd ? { initrd } : {}), commandLine: `${args} ${own}`.trim() } as const;
  };
  let started = start();
  if (!started && values.get(`${other()}_OK`) === '1') {
    chosen = other();
    started = start();
  }
  return { writes, ...(started ? { started } : {}) };
}

/** systemd-boot, whose boot.c reads names and sorts entries like this (releases 250 to 257). */
export function runSystemdBoot(view: FileView): LoaderRun {
  const folder = 'loader/entries';
  const entries = view.list(folder).flatMap((file) => {
    if (file.startsWith('.') || !file.toLowerCase().endsWith('.conf')) return [];
    const keys = new Map<string, string>();
    const initrds: string[] = [];
    for (const line of (view.read(`${folder}/${file}`)?.toString('latin1') ?? '').split('\n')) {
      const [, key = '', value = ''] = /^[ \t]*([^ \t#]+)[ \t]+(.*?)[ \t]*$/.exec(line) ?? [];
      if (key === 'initrd') initrds.push(value);
      else if (key !== '') keys.set(key, value);
    }
    const linux = keys.get('linux');
    if (linux === undefined) return [];
    const [, stem = file.slice(0, -5), left, done] = /^(.*)\+(\d+)(?:-(\d+))?\.conf$/i.exec(file) ?? [];
    return [
      {
        file,
        stem,
        keys,
        linux,
        initrds,
        left: left === undefined ? -1 : Number(left),
        done: Number(done ?? 0),
      },
    ];
  });
  const text = (one: string | undefined, other: string | undefined) =>
    (one ?? '').localeCompare(other ?? '', 'en');
  entries.sort((x, y) => {
    const [keyX, keyY] = [x.keys.get('sort-key'), y.keys.get('sort-key')];
    return (
      Number(x.left === 0) - Number(y.left === 0) ||
      Number(keyX === undefined) - Number(keyY === undefined) ||
      text(keyX, keyY) ||
      (keyX === undefined ? 0 : text(y.keys.get('version'), x.keys.get('version'))) ||
      text(y.stem, x.stem) ||
      y.left - x.left ||
      x.done - y.done
    );
  });
  const [first] = entries;
  if (!first) return { writes: [] };
  const writes: LoaderWrite[] = [];
  if (first.left >= 0) {
    const counted = `${first.stem}+${Math.max(0, first.left - 1)}-${first.done + 1}.conf`;
    writes.push({ kind: 'rename', from: `${folder}/${first.file}`, to: `${folder}/${counted}` });
  }
  const kernel = view.read(first.linux.slice(1));
  const initrds = first.initrds.map((path) => view.read(path.slice(1)));
  if (!kernel?.length || initrds.some((one) => !one?.length)) return { writes };
  const commandLine = first.keys.get('options') ?? '';
  const slot = first.linux.startsWith('/nodectl/b/') ? 'b' : 'a';
  const [initrd] = initrds;
  return { writes, started: { slot, kernel, ...(initrd ? { initrd } : {}), commandLine } };
}
