/** Our own words as the values of the contract's enums are spelled. */

/** A word in capitals, also to the compiler: "low" of a union of words makes `REMEDY_RISK_${upper(risk)}` a value it knows. */
export function upper<const T extends string>(text: T): Uppercase<T> {
  return text.toUpperCase() as Uppercase<T>;
}
