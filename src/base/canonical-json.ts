/** What JSON can say exactly. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** JSON in one spelling (RFC 8785): no white space, names sorted by UTF-16 code units, numbers as ECMAScript prints them. Two values have the same text only where they are the
 *  same value, so the text may be hashed, signed or authenticated in the value's place. Throws TypeError for what has no such spelling: undefined, NaN, infinities, a lone
 *  surrogate, an object that is not plain. The message does not repeat the value. */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value);
      break;
    case 'string':
      if (value.isWellFormed()) return JSON.stringify(value);
      break;
    case 'object':
      if (value === null) return 'null';
      if (isList(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
      if (isPlain(value))
        return `{${Object.keys(value)
          .sort()
          .map((name) => `${canonicalJson(name)}:${canonicalJson(value[name] as Json)}`)}}`;
  }
  throw new TypeError('a value that canonical JSON cannot spell');
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);

function isPlain(value: object): value is { readonly [name: string]: Json } {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0;
}
