/**
 * Bytes to messages and back for the caller's side. It reads the committed slim descriptor with protobufjs alone: a cold
 * `nodectl` call pays for no more than the messages that it uses. Options equal those of the generated types.
 */

import protobuf from 'protobufjs/light.js';
import contract from '../gen/contract.json' with { type: 'json' };

const OUTPUT = { longs: Number, enums: String, defaults: true, oneofs: true } as const;

let root: protobuf.Root | undefined;
const codecs = new Map<string, MethodCodec>();

/** Encodes requests and decodes responses of one method. */
export interface MethodCodec {
  encode(request: object): Uint8Array;
  decode(bytes: Uint8Array): object;
}

function types(): protobuf.Root {
  root ??= protobuf.Root.fromJSON(contract as protobuf.INamespace);
  return root;
}

/** The codec of a method, by its full name ("package.Service/Method"). Throws where the contract has no such method. */
export function methodCodec(path: string): MethodCodec {
  const known = codecs.get(path);
  if (known) return known;
  const [serviceName = '', methodName = ''] = path.split('/');
  const method = types().lookupService(serviceName).methods[methodName];
  if (!method) throw new Error(`the contract has no method ${path}`);
  method.resolve();
  const { resolvedRequestType, resolvedResponseType } = method;
  if (!resolvedRequestType || !resolvedResponseType) throw new Error(`the types of ${path} are not known`);
  const codec: MethodCodec = {
    encode: (request) => resolvedRequestType.encode(resolvedRequestType.fromObject(request)).finish(),
    decode: (bytes) => resolvedResponseType.toObject(resolvedResponseType.decode(bytes), OUTPUT),
  };
  codecs.set(path, codec);
  return codec;
}

/** Decodes one message by its full name, for example a detail of an error. */
export function decodeMessage(name: string, bytes: Uint8Array): Record<string, unknown> {
  const type = types().lookupType(name);
  return type.toObject(type.decode(bytes), OUTPUT);
}
