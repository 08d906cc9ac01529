// @ts-nocheck
// Original file: grpc/reflection/v1/reflection.proto


/**
 * One service.
 */
export interface ServiceResponse {
  /**
   * Its full name.
   */
  'name'?: (string);
}

/**
 * One service.
 */
export interface ServiceResponse__Output {
  /**
   * Its full name.
   */
  'name': (string);
}
