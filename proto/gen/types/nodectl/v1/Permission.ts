// @ts-nocheck
// Original file: nodectl/v1/options.proto

/**
 * What a caller needs to be allowed to call a method. An agent refuses to start when a method names none.
 */
export const Permission = {
  /**
   * Not a permission: a method that carries it is a programming error.
   */
  PERMISSION_UNSPECIFIED: 'PERMISSION_UNSPECIFIED',
  /**
   * No certificate is needed. Served on an issuer's enrolment port only.
   */
  PERMISSION_ANYONE: 'PERMISSION_ANYONE',
  /**
   * A certificate of the nodes' issuer, for calls that nodes make about themselves.
   */
  PERMISSION_NODE: 'PERMISSION_NODE',
  /**
   * An operator's certificate of any role: reader, operator or admin.
   */
  PERMISSION_READ: 'PERMISSION_READ',
  /**
   * An operator's certificate with the role operator or admin.
   */
  PERMISSION_OPERATE: 'PERMISSION_OPERATE',
  /**
   * An operator's certificate with the role admin.
   */
  PERMISSION_ADMIN: 'PERMISSION_ADMIN',
} as const;

/**
 * What a caller needs to be allowed to call a method. An agent refuses to start when a method names none.
 */
export type Permission =
  /**
   * Not a permission: a method that carries it is a programming error.
   */
  | 'PERMISSION_UNSPECIFIED'
  | 0
  /**
   * No certificate is needed. Served on an issuer's enrolment port only.
   */
  | 'PERMISSION_ANYONE'
  | 1
  /**
   * A certificate of the nodes' issuer, for calls that nodes make about themselves.
   */
  | 'PERMISSION_NODE'
  | 2
  /**
   * An operator's certificate of any role: reader, operator or admin.
   */
  | 'PERMISSION_READ'
  | 3
  /**
   * An operator's certificate with the role operator or admin.
   */
  | 'PERMISSION_OPERATE'
  | 4
  /**
   * An operator's certificate with the role admin.
   */
  | 'PERMISSION_ADMIN'
  | 5

/**
 * What a caller needs to be allowed to call a method. An agent refuses to start when a method names none.
 */
export type Permission__Output = typeof Permission[keyof typeof Permission]
