/** Which keys a schema of zod allows at a place, for the message about one that it does not. */

import type { core, ZodType } from 'zod';

/** The parts of a definition that lead further; each kind of schema has some of them (zod's own "def" of it). */
interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, core.$ZodType>>;
  readonly valueType?: core.$ZodType;
  readonly element?: core.$ZodType;
  readonly innerType?: core.$ZodType;
  readonly in?: core.$ZodType;
  readonly options?: readonly core.$ZodType[];
}

/** The keys of the object at a path of keys and positions, in the schema's order; empty where there is no object, or any key is allowed. */
export function allowedKeys(schema: ZodType, path: readonly PropertyKey[]): string[] {
  let at = inside(schema);
  for (const key of path)
    at = at.flatMap(({ shape, valueType, element }) => {
      const next = shape ? shape[String(key)] : (valueType ?? element);
      return next ? inside(next) : [];
    });
  return [...new Set(at.flatMap(({ shape = {} }) => Object.keys(shape)))];
}

/** What a schema is below all that is put around one: optional, default, pipe; all of them for a union. */
function inside(schema: core.$ZodType): Def[] {
  const def = schema._zod.def as unknown as Def;
  if (def.options) return def.options.flatMap(inside);
  const inner = def.innerType ?? def.in;
  return inner ? inside(inner) : [def];
}
