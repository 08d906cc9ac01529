// @ts-nocheck
// Original file: grpc/reflection/v1alpha/reflection.proto


/**
 * Why there is no answer.
 */
export interface ErrorResponse {
  /**
   * A gRPC status code.
   */
  'errorCode'?: (number);
  /**
   * The message.
   */
  'errorMessage'?: (string);
}

/**
 * Why there is no answer.
 */
export interface ErrorResponse__Output {
  /**
   * A gRPC status code.
   */
  'errorCode': (number);
  /**
   * The message.
   */
  'errorMessage': (string);
}
