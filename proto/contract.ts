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

let root: protobuf.Root | undefined;
const methods = new Map<string, ContractMethod>();

function types(): protobuf.Root {
  root ??= protobuf.Root.fromJSON(contract as protobuf.INamespace);
  return root;
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
  const method = types().lookupService(serviceName).methods[methodName];
  if (!method) throw new Error(`the contract has no method ${path}`);
  method.resolve();
  const { resolvedRequestType, resolvedResponseType } = method;
  if (!resolvedRequestType || !resolvedResponseType) throw new Error(`the types of ${path} are not known`);
  const found: ContractMethod = {
    path,
    requestStream: Boolean(method.requestStream),
    responseStream: Boolean(method.responseStream),
    request: codecOf(resolvedRequestType),
    response: codecOf(resolvedResponseType),
  };
  methods.set(path, found);
  return found;
}

/** The names of a service's methods, by the service's full name. Throws an Error where the contract has no such service. */
export function serviceMethods(service: string): string[] {
  return types()
    .lookupService(service)
    .methodsArray.map((method) => method.name);
}

/** Encodes one message by its type's full name, for example a detail of an error. */
export function encodeMessage(name: string, message: object): Uint8Array {
  return codecOf(types().lookupType(name)).encode(message);
}

/** Decodes one message by its type's full name. */
export function decodeMessage(name: string, bytes: Uint8Array): Record<string, unknown> {
  return codecOf(types().lookupType(name)).decode(bytes) as Record<string, unknown>;
}
