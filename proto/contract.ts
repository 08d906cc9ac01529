/**
 * The contract at run time: every method of proto/gen/contract.json with its codecs. Both sides of the wire use this one
 * loader. It reads the slim descriptor with protobufjs alone and resolves a method when it is first asked for, so that a
 * process pays for no more messages than it uses. The options are those that the generated types were made with.
 */

import protobuf from 'protobufjs/light.js';
import contract from './gen/contract.json' with { type: 'json' };

const OUTPUT = { longs: Number, enums: String, defaults: true, oneofs: true } as const;

/** Turns messages of one type into bytes and back. */
export interface MessageCodec {
  /** The message type's full name. */
  readonly name: string;
  /** Throws an Error where a field has a value of the wrong kind. */
  encode(message: object): Uint8Array;
  /** Throws an Error where the bytes are no message of this type. */
  decode(bytes: Uint8Array): object;
}

/** One method of the contract. */
export interface ContractMethod {
  /** "package.Service/Method". */
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly request: MessageCodec;
  readonly response: MessageCodec;
}

/** A part of the descriptor as JSON: a package, a service, a message or an enumeration. */
interface Entry {
  readonly nested?: Readonly<Record<string, Entry>>;
  readonly methods?: Readonly<Record<string, MethodEntry>>;
  readonly fields?: Readonly<Record<string, { readonly type: string }>>;
}

interface MethodEntry {
  readonly requestType: string;
  readonly responseType: string;
  readonly requestStream?: boolean;
  readonly responseStream?: boolean;
}

const root = new protobuf.Root();
/** Types that the root has, by their full names. */
const added = new Set<string>();
const methods = new Map<string, ContractMethod>();

/** What the descriptor has under a full name. */
function entryOf(name: string): Entry | undefined {
  let entry: Entry | undefined = contract as Entry;
  for (const part of name.split('.')) entry = entry?.nested?.[part];
  return entry;
}

/** The full name of a type that is written within a scope: the nearest one wins (protobuf's own rule). */
function resolved(type: string, scope: string): string | undefined {
  for (let within = scope; ; within = within.slice(0, Math.max(0, within.lastIndexOf('.')))) {
    const name = within === '' ? type : `${within}.${type}`;
    if (entryOf(name)) return name;
    if (within === '') return undefined;
  }
}

/** Adds a type to the root with all that its fields need. The contract has ten times as many as most processes ever use. */
function add(name: string): void {
  if (added.has(name)) return;
  added.add(name);
  const at = name.lastIndexOf('.');
  const scope = name.slice(0, at);
  // A type within another comes along with that one.
  if (entryOf(scope)?.fields) {
    add(scope);
    return;
  }
  const entry = entryOf(name);
  if (!entry) throw new Error(`the contract has no type ${name}`);
  const own = name.slice(at + 1);
  const space = root.define(scope).addJSON({ [own]: entry as protobuf.AnyNestedObject });
  knownValues(space.get(own));
  const visit = (one: Entry, within: string) => {
    for (const { type } of Object.values(one.fields ?? {})) {
      const needed = resolved(type, within);
      if (needed) add(needed);
    }
    for (const [inner, nested] of Object.entries(one.nested ?? {})) visit(nested, `${within}.${inner}`);
  };
  visit(entry, name);
}

/**
 * Lets a value of an enum that this version does not know be read as the enum's zero value, "unspecified", as proto3 advises. It
 * would be a number where the types say that it is a word, and one node that is newer, or lies, would end a command over a fleet.
 */
function knownValues(one: protobuf.ReflectionObject | null): void {
  if (one instanceof protobuf.Enum) {
    const zero = one.valuesById[0];
    const get = (_: object, key: string | symbol) =>
      typeof key === 'string' && /^-?\d+$/.test(key) ? zero : undefined;
    // protobufjs looks a number up among the values, whose prototype is this table.
    Object.setPrototypeOf(one.valuesById, new Proxy({}, { get }));
  } else if (one instanceof protobuf.Namespace) for (const inner of one.nestedArray) knownValues(inner);
}

/** A message type by its full name, or as it is written within a scope. */
function typeOf(name: string, scope = ''): protobuf.Type {
  const full = resolved(name, scope);
  if (!full) throw new Error(`the contract has no type ${name}`);
  add(full);
  // Only then are proto3's features in force: repeated numbers are packed.
  root.resolveAll();
  return root.lookupType(full);
}

function codecOf(type: protobuf.Type): MessageCodec {
  return {
    name: type.fullName.slice(1),
    encode: (message) => type.encode(type.fromObject(message)).finish(),
    decode: (bytes) => type.toObject(type.decode(bytes), OUTPUT),
  };
}

/** A method by its full name ("package.Service/Method"). Throws an Error where the contract has no such method. */
export function contractMethod(path: string): ContractMethod {
  const known = methods.get(path);
  if (known) return known;
  const [serviceName = '', methodName = ''] = path.split('/');
  const entry = entryOf(serviceName)?.methods?.[methodName];
  if (!entry) throw new Error(`the contract has no method ${path}`);
  let request: MessageCodec | undefined;
  let response: MessageCodec | undefined;
  const found: ContractMethod = {
    path,
    requestStream: Boolean(entry.requestStream),
    responseStream: Boolean(entry.responseStream),
    // Whoever asks how a method streams needs no codec yet.
    get request() {
      request ??= codecOf(typeOf(entry.requestType, serviceName));
      return request;
    },
    get response() {
      response ??= codecOf(typeOf(entry.responseType, serviceName));
      return response;
    },
  };
  methods.set(path, found);
  return found;
}

/** The names of a service's methods, by the service's full name. Throws an Error where the contract has no such service. */
export function serviceMethods(service: string): string[] {
  const entry = entryOf(service);
  if (!entry?.methods) throw new Error(`the contract has no service ${service}`);
  return Object.keys(entry.methods);
}

/** Encodes one message by its type's full name, for example a detail of an error. */
export function encodeMessage(name: string, message: object): Uint8Array {
  return codecOf(typeOf(name)).encode(message);
}

/** Decodes one message by its type's full name. */
export function decodeMessage(name: string, bytes: Uint8Array): Record<string, unknown> {
  return codecOf(typeOf(name)).decode(bytes) as Record<string, unknown>;
}
