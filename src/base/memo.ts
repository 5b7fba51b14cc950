/** `make`, asked once for each key. For keys of a closed vocabulary: what was made stays. */
export function memo<V>(make: (key: string) => V): (key: string) => V {
  const made = new Map<string, { value: V }>();
  return (key) => {
    const known = made.get(key) ?? { value: make(key) };
    made.set(key, known);
    return known.value;
  };
}
