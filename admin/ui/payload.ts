/** Paths into a payload: `soap.plan`, `/soap/plan` and `not_in_chart[0]` say the same as `soap.plan`, `not_in_chart.0`. */
type Payload = Record<string, unknown>;

export const plainPath = (path: string) =>
  path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replaceAll('/', '.')
    .replace(/^\.|^payload\./, '');

export function valueAt(payload: Payload, path: string): unknown {
  return plainPath(path)
    .split('.')
    .reduce<unknown>((value, step) => (typeof value === 'object' && value !== null ? (value as Payload)[step] : undefined), payload);
}

export const textAt = (payload: Payload, path: string): string => {
  const value = valueAt(payload, path);
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
};

/** A copy in which the text at this path is another. */
export function withText(payload: Payload, path: string, text: string): Payload {
  const copy = structuredClone(payload);
  const steps = plainPath(path).split('.');
  const last = steps.pop() ?? '';
  const holder = steps.reduce<unknown>((value, step) => (value as Payload | undefined)?.[step], copy);
  if (typeof holder === 'object' && holder !== null) (holder as Payload)[last] = text;
  return copy;
}

/** Every text, number and claim of a payload with its path, in order; ids of records are not for reading. */
export function leavesOf(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value !== 'object' || value === null)
    return value === undefined || value === null || /(^|[._])ids?(\.\d+)?$/.test(path) ? [] : [{ path, text: String(value) }];
  return Object.entries(value).flatMap(([key, sub]) => leavesOf(sub, path === '' ? key : `${path}.${key}`));
}
