/**
 * A folder of config kept in Git:
 *
 *   base.yaml           for every node
 *   roles/NAME.yaml     for nodes with the label role=NAME
 *   nodes/NAME.yaml     for that node
 *
 * Any of them may say itself for which nodes it is: `applies: {nodes: "web-[1-20]", labels: "rack=a"}`.
 */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  API_VERSION,
  checkDocument,
  type ParsedDocument,
  readDocumentYaml,
} from '../../proto/config/document.ts';
import { Failure } from '../../proto/failure.ts';
import { expandNames } from '../fleet/names.ts';
import { parseSelector } from '../fleet/selector.ts';
import type { Target } from '../fleet/target.ts';
import { readDocumentFile } from './document-file.ts';
import { type Layer, mergeLayers } from './layers.ts';

/** More layers than these are a wrong folder. */
const MAX_FILES = 5_000;
const YAML_FILE = /^([^.].*)\.ya?ml$/;

/** A layer with the rule for which nodes it is. */
interface FolderLayer extends Layer {
  readonly applies: (node: Target) => boolean;
}

/** A document for a node, with the files that it was made of. */
export interface NodeDocument {
  readonly node: string;
  readonly text: string;
  readonly parsed: ParsedDocument;
  readonly files: readonly string[];
}

/** The layers of a folder. Throws BAD_DOCUMENT, BAD_ARGUMENT. */
export function readFolder(folder: string): FolderLayer[] {
  const layers: FolderLayer[] = [];
  const add = (path: string, rank: number, usual: (node: Target) => boolean) =>
    layers.push(readLayer(join(folder, path), rank, usual));
  for (const name of yamlFiles(folder)) {
    if (!/^base\.ya?ml$/.test(name))
      throw new Failure(
        'BAD_DOCUMENT',
        `${join(folder, name)} is neither base.yaml nor in roles/ or nodes/`,
        {
          hint: 'nodectl help config shows what a folder of config looks like',
        },
      );
    add(name, 0, () => true);
  }
  for (const name of yamlFiles(join(folder, 'roles'))) {
    const role = YAML_FILE.exec(name)?.[1] ?? '';
    add(`roles/${name}`, 1, ({ labels }) => labels.role === role);
  }
  for (const name of yamlFiles(join(folder, 'nodes'))) {
    const node = YAML_FILE.exec(name)?.[1] ?? '';
    add(`nodes/${name}`, 2, (target) => target.name === node);
  }
  if (layers.length === 0)
    throw new Failure('BAD_DOCUMENT', `${folder} has no layers of config`, {
      hint: 'it needs a base.yaml, roles/NAME.yaml or nodes/NAME.yaml',
    });
  return layers;
}

/** The document of a node from the layers that apply to it. Throws BAD_DOCUMENT, with the places in the layers. */
export async function documentOf(layers: readonly FolderLayer[], node: Target): Promise<NodeDocument> {
  const mine = layers.filter(({ applies }) => applies(node));
  if (mine.length === 0)
    throw new Failure('BAD_DOCUMENT', `no layer applies to ${node.name}`, {
      hint: 'add a base.yaml, or a layer for its role or its name',
    });
  const merged = mergeLayers(mine);
  const value = { apiVersion: API_VERSION, kind: 'Node', ...(merged.value as object) };
  const parsed = checkDocument({ ...merged, value });
  const { yamlOf } = await import('../output/yaml.ts');
  return { node: node.name, text: yamlOf(value), parsed, files: mine.map(({ file }) => file) };
}

/** The nodes that have a layer of their own in a folder. */
export function nodesOf(folder: string): string[] {
  return yamlFiles(join(folder, 'nodes')).map((name) => YAML_FILE.exec(name)?.[1] ?? '');
}

function yamlFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = readdirSync(folder)
    .filter((name) => YAML_FILE.test(name))
    .sort();
  if (names.length > MAX_FILES)
    throw new Failure('BAD_ARGUMENT', `${folder} has more than ${MAX_FILES} layers`);
  return names;
}

function readLayer(file: string, rank: number, usual: (node: Target) => boolean): FolderLayer {
  const yaml = readDocumentYaml(readDocumentFile(file, 'a layer of config'), file);
  const value = yaml.value ?? {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new Failure('BAD_DOCUMENT', `${yaml.place([])}: a layer is a map of sections`);
  const { applies, ...content } = value as Record<string, unknown>;
  return { file, rank, yaml, content, applies: applies === undefined ? usual : rule(applies, yaml) };
}

/** The rule that a layer says itself: all of its parts must hold. */
function rule(applies: unknown, yaml: Layer['yaml']): (node: Target) => boolean {
  const at = (...path: string[]) => yaml.place(['applies', ...path]);
  if (typeof applies !== 'object' || applies === null || Array.isArray(applies))
    throw new Failure('BAD_DOCUMENT', `${at()}: write applies: {nodes: NAMES, labels: SELECTOR}`);
  const rules: ((node: Target) => boolean)[] = [];
  for (const [key, wanted] of Object.entries(applies)) {
    if (typeof wanted !== 'string' || (key !== 'nodes' && key !== 'labels'))
      throw new Failure('BAD_DOCUMENT', `${at(key)}: applies takes nodes and labels, each a text`);
    try {
      if (key === 'nodes') {
        const names = new Set(expandNames(wanted));
        rules.push(({ name }) => names.has(name));
      } else {
        const meets = parseSelector(wanted);
        rules.push(({ labels }) => meets(labels));
      }
    } catch (cause) {
      throw new Failure('BAD_DOCUMENT', `${at(key)}: ${(cause as Error).message}`, { cause });
    }
  }
  return (node) => rules.every((holds) => holds(node));
}
