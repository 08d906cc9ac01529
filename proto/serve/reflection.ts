/** Standard server reflection (grpc.reflection.v1, and v1alpha for older tools), answered from the committed descriptor set. */

import type { ServerReflectionRequest__Output as Request } from '../gen/types/grpc/reflection/v1/ServerReflectionRequest.ts';
import type { ServerReflectionResponse as Response } from '../gen/types/grpc/reflection/v1/ServerReflectionResponse.ts';
import type { FileDescriptor } from './descriptors.ts';
import type { Service } from './handlers.ts';

const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;

/** Both versions of the reflection service. `served` gives the full names of the services to list. */
export function reflectionServices(served: () => readonly string[]): Service[] {
  // Loaded when the first question comes: most agents are never asked.
  const answers = async function* (requests: AsyncIterable<object>) {
    const { contractFiles } = await import('./descriptors.ts');
    for await (const request of requests) yield answer(request as Request, contractFiles(), served());
  };
  return ['v1', 'v1alpha'].map((version) => ({
    name: `grpc.reflection.${version}.ServerReflection`,
    handlers: { ServerReflectionInfo: answers as Service['handlers'][string] },
  }));
}

/** The answer to one question, from the files given. */
export function answer(
  request: Request,
  files: ReadonlyMap<string, FileDescriptor>,
  served: readonly string[],
): Response {
  const base = { validHost: request.host, originalRequest: request };
  const found = (file: FileDescriptor | undefined, what: string): Response =>
    file
      ? { ...base, fileDescriptorResponse: { fileDescriptorProto: withDependencies(file, files) } }
      : {
          ...base,
          errorResponse: { errorCode: NOT_FOUND, errorMessage: `the contract has no ${what.slice(0, 200)}` },
        };
  const where = (test: (file: FileDescriptor) => boolean) => [...files.values()].find(test);
  switch (request.messageRequest) {
    case 'listServices':
      return { ...base, listServicesResponse: { service: [...served].sort().map((name) => ({ name })) } };
    case 'fileByFilename':
      return found(files.get(request.fileByFilename ?? ''), `file ${request.fileByFilename}`);
    case 'fileContainingSymbol': {
      const symbol = request.fileContainingSymbol ?? '';
      return found(
        where(({ symbols }) => symbols.includes(symbol)),
        `symbol ${symbol}`,
      );
    }
    case 'fileContainingExtension': {
      const { containingType = '', extensionNumber = 0 } = request.fileContainingExtension ?? {};
      const file = where(({ extensions }) =>
        extensions.some((one) => one.extendee === containingType && one.number === extensionNumber),
      );
      return found(file, `extension ${extensionNumber} of ${containingType}`);
    }
    case 'allExtensionNumbersOfType': {
      const type = request.allExtensionNumbersOfType ?? '';
      const numbers = [...files.values()].flatMap(({ extensions }) =>
        extensions.filter(({ extendee }) => extendee === type).map(({ number }) => number),
      );
      const known = numbers.length > 0 || where(({ symbols }) => symbols.includes(type)) !== undefined;
      return known
        ? { ...base, allExtensionNumbersResponse: { baseTypeName: type, extensionNumber: numbers } }
        : found(undefined, `type ${type}`);
    }
    default:
      return {
        ...base,
        errorResponse: { errorCode: INVALID_ARGUMENT, errorMessage: 'the question is not known here' },
      };
  }
}

/** A file's bytes and those of everything it imports, each once, the file itself first. */
function withDependencies(file: FileDescriptor, files: ReadonlyMap<string, FileDescriptor>): Buffer[] {
  const all = new Set<FileDescriptor>([file]);
  // A set can grow while it is walked: what is added is visited too.
  for (const one of all)
    for (const name of one.dependencies) {
      const dependency = files.get(name);
      if (dependency) all.add(dependency);
    }
  return [...all].map(({ bytes }) => Buffer.from(bytes));
}
