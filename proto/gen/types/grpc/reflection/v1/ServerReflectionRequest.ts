// @ts-nocheck
// Original file: grpc/reflection/v1/reflection.proto

import type { ExtensionRequest as _grpc_reflection_v1_ExtensionRequest, ExtensionRequest__Output as _grpc_reflection_v1_ExtensionRequest__Output } from '../../../grpc/reflection/v1/ExtensionRequest.ts';

/**
 * A question about the contract.
 */
export interface ServerReflectionRequest {
  /**
   * Not used.
   */
  'host'?: (string);
  /**
   * The file of this name.
   */
  'fileByFilename'?: (string);
  /**
   * The file that declares this symbol.
   */
  'fileContainingSymbol'?: (string);
  /**
   * The file that declares this extension.
   */
  'fileContainingExtension'?: (_grpc_reflection_v1_ExtensionRequest | null);
  /**
   * The numbers of all known extensions of this message.
   */
  'allExtensionNumbersOfType'?: (string);
  /**
   * All services. The content is not used.
   */
  'listServices'?: (string);
  /**
   * The question.
   */
  'messageRequest'?: "fileByFilename"|"fileContainingSymbol"|"fileContainingExtension"|"allExtensionNumbersOfType"|"listServices";
}

/**
 * A question about the contract.
 */
export interface ServerReflectionRequest__Output {
  /**
   * Not used.
   */
  'host': (string);
  /**
   * The file of this name.
   */
  'fileByFilename'?: (string);
  /**
   * The file that declares this symbol.
   */
  'fileContainingSymbol'?: (string);
  /**
   * The file that declares this extension.
   */
  'fileContainingExtension'?: (_grpc_reflection_v1_ExtensionRequest__Output | null);
  /**
   * The numbers of all known extensions of this message.
   */
  'allExtensionNumbersOfType'?: (string);
  /**
   * All services. The content is not used.
   */
  'listServices'?: (string);
  /**
   * The question.
   */
  'messageRequest'?: "fileByFilename"|"fileContainingSymbol"|"fileContainingExtension"|"allExtensionNumbersOfType"|"listServices";
}
