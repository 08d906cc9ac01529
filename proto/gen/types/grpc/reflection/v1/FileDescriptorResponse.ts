// @ts-nocheck
// Original file: grpc/reflection/v1/reflection.proto


/**
 * Files of the contract.
 */
export interface FileDescriptorResponse {
  /**
   * Serialised google.protobuf.FileDescriptorProto messages.
   */
  'fileDescriptorProto'?: (Buffer | Uint8Array | string)[];
}

/**
 * Files of the contract.
 */
export interface FileDescriptorResponse__Output {
  /**
   * Serialised google.protobuf.FileDescriptorProto messages.
   */
  'fileDescriptorProto': (Buffer)[];
}
