/**
 * `npm run gen`: makes everything under proto/gen from the .proto files.
 *
 * - contract.json: the slim JSON descriptor that both sides encode by (contract.ts). It keeps the custom options, which a
 *   binary descriptor set loses in protobufjs, and loads in half the time of the .proto files.
 * - contract.binpb: the FileDescriptorSet that reflection answers from.
 * - types/: TypeScript types of every message and service, by proto-loader-gen-types.
 * - methods.ts: the maps from a method's full name to its request and response types.
 * - policy.ts: what each method demands of its caller, and whether it changes anything.
 *
 * and docs/reasons.md from the table of reason codes.
 *
 * `npm run gen -- --check` writes nothing and fails when the committed files are not what the .proto files give;
 * `--proto DIR` reads the .proto files of another folder, as a test does.
 */

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import protobuf from 'protobufjs';
import { ERROR_DOMAIN, REASONS } from './reasons.ts';

const here = import.meta.dirname;
const modules = join(here, '..', 'node_modules');
const committed = join(here, 'gen');
const { values: flags } = parseArgs({
  options: { check: { type: 'boolean', default: false }, proto: { type: 'string', default: here } },
});

/** The .proto files of the contract, as paths below proto/, sorted. */
function protoFiles(): string[] {
  return readdirSync(flags.proto, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .sort();
}

/** The contract, read from the .proto files. */
function loadContract(files: string[]): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    target.startsWith('google/protobuf/') ? join(modules, 'protobufjs', target) : join(flags.proto, target);
  root.loadSync(files, { keepCase: false });
  root.resolveAll();
  return root;
}

type Json = {
  nested?: Record<string, Json>;
  fields?: Record<string, { extend?: string }>;
  options?: unknown;
};

/**
 * The contract as protobufjs JSON without what only documents. The descriptors of descriptors and the declarations of
 * our options go too: options stay readable on the methods, and nothing else needs them at run time.
 */
function slimJson(root: protobuf.Root): string {
  const json = root.toJSON({ keepComments: false }) as Json;
  const protobufPackage = json.nested?.google?.nested?.protobuf;
  if (protobufPackage?.nested) {
    const { Any } = protobufPackage.nested;
    protobufPackage.nested = Any ? { Any } : {};
    delete protobufPackage.options;
  }
  const extensions = json.nested?.nodectl?.nested?.v1?.nested ?? {};
  for (const [name, entry] of Object.entries(extensions)) if ('extend' in entry) delete extensions[name];
  return `${JSON.stringify(json)}\n`;
}

const HEADER = '// Made by `npm run gen` from the .proto files; do not edit.\n';

/** Every method of the contract with its full name ("package.Service/Method"). */
function methods(root: protobuf.NamespaceBase): { path: string; method: protobuf.Method }[] {
  return root.nestedArray.flatMap((entry) => {
    if (entry instanceof protobuf.Service)
      return entry.methodsArray.map((method) => ({
        path: `${entry.fullName.slice(1)}/${method.name}`,
        method,
      }));
    return entry instanceof protobuf.Namespace ? methods(entry) : [];
  });
}

/** The typed maps of unary methods, server-streaming ones, and those that stream both ways. */
function methodTypes(all: ReturnType<typeof methods>): string {
  const imports = new Map<string, string>();
  const typeOf = (type: protobuf.Type | null, output: boolean): string => {
    if (!type) throw new Error('a method with an unresolved type');
    const path = type.fullName.slice(1).replaceAll('.', '/');
    const name = `${type.name}${output ? '__Output' : ''}`;
    const alias = `${type.fullName.slice(1).replaceAll('.', '_')}${output ? '__Output' : ''}`;
    imports.set(alias, `import type { ${name} as ${alias} } from './types/${path}.ts';`);
    return alias;
  };
  const map = (requests: boolean, responses: boolean) =>
    all
      .filter(
        ({ method }) =>
          Boolean(method.requestStream) === requests && Boolean(method.responseStream) === responses,
      )
      .map(({ path, method }) => {
        const [request, response] = [method.resolvedRequestType, method.resolvedResponseType];
        return (
          `  '${path}': {\n    request: ${typeOf(request, false)};\n    received: ${typeOf(request, true)};\n` +
          `    response: ${typeOf(response, true)};\n    answer: ${typeOf(response, false)};\n  };`
        );
      });
  const [unary, streams, both] = [map(false, false), map(false, true), map(true, true)];
  return [
    HEADER,
    ...[...imports.values()].sort(),
    '\n/** Methods with one request and one response: as the caller sends and gets them, as the server receives and answers them. */',
    `export interface UnaryMethods {\n${unary.join('\n')}\n}`,
    '\n/** Methods with one request and a stream of responses. */',
    `export interface ServerStreamMethods {\n${streams.join('\n')}\n}`,
    '\n/** Methods with a stream of requests and a stream of responses. */',
    `export interface BidiStreamMethods {\n${both.join('\n')}\n}\n`,
  ].join('\n');
}

/** The permission and mutation options of every method of nodectl.v1. Fails when one is missing. */
function policy(all: ReturnType<typeof methods>): string {
  const rows = all
    .filter(({ path }) => path.startsWith('nodectl.'))
    .map(({ path, method }) => {
      const options: Record<string, unknown> = method.options ?? {};
      const permission = options['(nodectl.v1.permission)'];
      const mutates = options['(nodectl.v1.mutates)'];
      if (typeof permission !== 'string' || permission === 'PERMISSION_UNSPECIFIED')
        throw new Error(`${path}: the option (nodectl.v1.permission) is missing`);
      if (typeof mutates !== 'boolean')
        throw new Error(`${path}: the option (nodectl.v1.mutates) is missing`);
      return `  '${path}': { permission: '${permission.replace('PERMISSION_', '').toLowerCase()}', mutates: ${mutates} },`;
    });
  return [
    HEADER,
    '/** What a caller needs: nothing, a node’s certificate, or an operator’s with at least a role. */',
    "export type Permission = 'anyone' | 'node' | 'read' | 'operate' | 'admin';\n",
    '/** Each method’s permission and whether it changes the node. */',
    'export const POLICY: Readonly<Record<string, { permission: Permission; mutates: boolean }>> = {',
    ...rows,
    '};\n',
  ].join('\n');
}

/**
 * Leaves the messages and services that the contract itself declares: not the tables of whole files, which nothing uses, nor
 * the descriptors of descriptors. Takes absolute paths out of the rest and keeps rules for hand-written code off it.
 */
function tidyTypes(folder: string): void {
  const standard = join('google', 'protobuf');
  for (const name of readdirSync(folder)) if (name.endsWith('.ts')) rmSync(join(folder, name));
  for (const name of readdirSync(join(folder, standard)))
    if (name !== 'Any.ts') rmSync(join(folder, standard, name));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8').replace(
      /^\/\/ Original file: \S*?\/(?:proto|node_modules\/protobufjs)\//gm,
      '// Original file: ',
    );
    writeFileSync(path, `// @ts-nocheck\n${text}`);
  }
}

function generate(out: string): void {
  const files = protoFiles();
  const root = loadContract(files);
  const all = methods(root);
  writeFileSync(join(out, 'contract.json'), slimJson(root));
  writeFileSync(join(out, 'methods.ts'), methodTypes(all));
  writeFileSync(join(out, 'policy.ts'), policy(all));
  execFileSync(
    join(modules, '.bin', 'buf'),
    ['build', '--exclude-source-info', '-o', join(out, 'contract.binpb')],
    {
      cwd: join(here, '..'),
    },
  );
  execFileSync(join(modules, '.bin', 'proto-loader-gen-types'), [
    ...['--longs=Number', '--enums=String', '--defaults', '--oneofs', '--includeComments'],
    ...['--grpcLib=@grpc/grpc-js', '--importFileExtension=.ts', `--includeDirs=${here}`],
    ...[`--outDir=${join(out, 'types')}`, ...files.filter((name) => name !== 'nodectl/v1/options.proto')],
  ]);
  tidyTypes(join(out, 'types'));
}

/** The page of all reason codes. */
function reasonsPage(): string {
  const rows = Object.entries(REASONS).map(
    ([name, { status, about }]) => `| \`${name}\` | ${status} | ${about} |`,
  );
  return [
    '# Reason codes\n',
    'Every error of nodectl and of the agent carries one of these codes: in the terminal in brackets behind the message, in',
    `JSON output as \`reason\`, on the wire as \`google.rpc.ErrorInfo.reason\` with the domain \`${ERROR_DOMAIN}\`. Codes are never`,
    'renamed. Made by `npm run gen` from proto/reasons.ts.\n',
    '| code | gRPC status | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** Every file below a folder with its content, as one comparable text. */
function contents(folder: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    all.set(path.slice(folder.length + 1), readFileSync(path, 'base64'));
  }
  return all;
}

/** Names of files that differ between two folders. */
function differing(a: string, b: string): string[] {
  const [left, right] = [contents(a), contents(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name))
    .sort();
}

const reasonsFile = join(here, '..', 'docs', 'reasons.md');
const fresh = mkdtempSync(join(tmpdir(), 'nodectl-gen-'));
try {
  generate(fresh);
  if (flags.check) {
    const stale = differing(fresh, committed);
    if (!existsSync(reasonsFile) || readFileSync(reasonsFile, 'utf8') !== reasonsPage())
      stale.push('docs/reasons.md');
    if (stale.length > 0) {
      process.stderr.write(`made files are stale: ${stale.slice(0, 5).join(', ')}; run npm run gen\n`);
      process.exitCode = 1;
    }
  } else {
    rmSync(committed, { recursive: true, force: true });
    // A copied folder would have the temporary one's mode, in which others may not read.
    mkdirSync(committed);
    cpSync(fresh, committed, { recursive: true });
    writeFileSync(reasonsFile, reasonsPage());
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
