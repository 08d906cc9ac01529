/**
 * The contract's descriptor set as reflection needs it: each file's bytes as they are, and the names that it declares. The
 * wire format is read here by hand, because the slim contract has no descriptors of descriptors.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';

/** One .proto file. */
export interface FileDescriptor {
  /** As in imports, for example "nodectl/v1/system.proto". */
  readonly name: string;
  /** Its google.protobuf.FileDescriptorProto, encoded. */
  readonly bytes: Uint8Array;
  readonly dependencies: readonly string[];
  /** Full names of its messages, enums, services, methods and extensions. */
  readonly symbols: readonly string[];
  readonly extensions: readonly { extendee: string; number: number }[];
}

/** Numbers of the fields that are read (google/protobuf/descriptor.proto). */
const FILE = { name: 1, package: 2, dependency: 3, message: 4, enum: 5, service: 6, extension: 7 };
const MESSAGE = { nested: 3, enum: 4, extension: 6 };
const EXTENSION = { extendee: 2, number: 3 };
const NAME = 1;
const SERVICE_METHOD = 2;

let files: ReadonlyMap<string, FileDescriptor> | undefined;

/** The contract's files by name. Read once; a bundle has the descriptor set beside it. */
export function contractFiles(): ReadonlyMap<string, FileDescriptor> {
  files ??= parseDescriptorSet(readSet());
  return files;
}

function readSet(): Uint8Array {
  const here = import.meta.dirname;
  try {
    return readFileSync(join(here, '..', 'gen', 'contract.binpb'));
  } catch {
    return readFileSync(join(here, 'contract.binpb'));
  }
}

/** The files of an encoded google.protobuf.FileDescriptorSet. */
function parseDescriptorSet(bytes: Uint8Array): Map<string, FileDescriptor> {
  const parsed = fieldsOf(bytes)
    .filter(({ id }) => id === 1)
    .map(({ bytes: file }) => parseFile(file));
  return new Map(parsed.map((file) => [file.name, file]));
}

function parseFile(bytes: Uint8Array): FileDescriptor {
  const fields = fieldsOf(bytes);
  const texts = (id: number) => fields.filter((field) => field.id === id).map((field) => text(field.bytes));
  const parts = (id: number) => fields.filter((field) => field.id === id).map((field) => field.bytes);
  const scope = texts(FILE.package)[0] ?? '';
  const extensions = [
    ...parts(FILE.extension).map((one) => ({ scope, one })),
    ...parts(FILE.message).flatMap((message) => nestedExtensions(message, scope)),
  ];
  return {
    name: texts(FILE.name)[0] ?? '',
    bytes,
    dependencies: texts(FILE.dependency),
    symbols: [
      ...parts(FILE.message).flatMap((message) => messageSymbols(message, scope)),
      ...parts(FILE.enum).map((one) => qualified(scope, nameOf(one))),
      ...parts(FILE.service).flatMap((one) => serviceSymbols(one, scope)),
      ...extensions.map(({ scope: within, one }) => qualified(within, nameOf(one))),
    ],
    extensions: extensions.map(({ one }) => ({
      extendee: text(fieldsOf(one).find(({ id }) => id === EXTENSION.extendee)?.bytes).replace(/^\./, ''),
      number: fieldsOf(one).find(({ id }) => id === EXTENSION.number)?.number ?? 0,
    })),
  };
}

function messageSymbols(message: Uint8Array, scope: string): string[] {
  const own = qualified(scope, nameOf(message));
  return fieldsOf(message).flatMap(({ id, bytes }) => {
    if (id === NAME) return [own];
    if (id === MESSAGE.nested) return messageSymbols(bytes, own);
    return id === MESSAGE.enum ? [qualified(own, nameOf(bytes))] : [];
  });
}

function nestedExtensions(message: Uint8Array, scope: string): { scope: string; one: Uint8Array }[] {
  const own = qualified(scope, nameOf(message));
  return fieldsOf(message).flatMap(({ id, bytes }) => {
    if (id === MESSAGE.extension) return [{ scope: own, one: bytes }];
    return id === MESSAGE.nested ? nestedExtensions(bytes, own) : [];
  });
}

function serviceSymbols(service: Uint8Array, scope: string): string[] {
  const own = qualified(scope, nameOf(service));
  const methods = fieldsOf(service).filter(({ id }) => id === SERVICE_METHOD);
  return [own, ...methods.map(({ bytes }) => qualified(own, nameOf(bytes)))];
}

function qualified(scope: string, name: string): string {
  return scope ? `${scope}.${name}` : name;
}

function nameOf(bytes: Uint8Array): string {
  return text(fieldsOf(bytes).find(({ id }) => id === NAME)?.bytes);
}

function text(bytes: Uint8Array | undefined): string {
  return bytes ? Buffer.from(bytes).toString() : '';
}

interface Field {
  id: number;
  /** Content of a length-delimited field; empty for others. */
  bytes: Uint8Array;
  /** Value of a varint; 0 for others. */
  number: number;
}

const VARINT = 0;
const DELIMITED = 2;
const NONE = new Uint8Array();

/** The fields of an encoded message, one level deep. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = protobuf.Reader.create(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const [id, type] = [tag >>> 3, tag & 7];
    if (type === DELIMITED) fields.push({ id, bytes: reader.bytes(), number: 0 });
    else if (type === VARINT) fields.push({ id, bytes: NONE, number: reader.uint32() });
    else reader.skipType(type);
  }
  return fields;
}
