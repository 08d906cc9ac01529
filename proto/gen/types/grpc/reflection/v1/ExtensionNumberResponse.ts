// @ts-nocheck
// Original file: grpc/reflection/v1/reflection.proto


/**
 * Extension numbers of a message.
 */
export interface ExtensionNumberResponse {
  /**
   * The message's full name.
   */
  'baseTypeName'?: (string);
  /**
   * The numbers.
   */
  'extensionNumber'?: (number)[];
}

/**
 * Extension numbers of a message.
 */
export interface ExtensionNumberResponse__Output {
  /**
   * The message's full name.
   */
  'baseTypeName': (string);
  /**
   * The numbers.
   */
  'extensionNumber': (number)[];
}
