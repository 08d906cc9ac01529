// @ts-nocheck
// Original file: grpc/reflection/v1/reflection.proto


/**
 * Names an extension.
 */
export interface ExtensionRequest {
  /**
   * The extended message's full name.
   */
  'containingType'?: (string);
  /**
   * The extension's field number.
   */
  'extensionNumber'?: (number);
}

/**
 * Names an extension.
 */
export interface ExtensionRequest__Output {
  /**
   * The extended message's full name.
   */
  'containingType': (string);
  /**
   * The extension's field number.
   */
  'extensionNumber': (number);
}
