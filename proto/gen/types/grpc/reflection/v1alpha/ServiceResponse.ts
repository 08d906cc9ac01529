// @ts-nocheck
// Original file: grpc/reflection/v1alpha/reflection.proto


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
