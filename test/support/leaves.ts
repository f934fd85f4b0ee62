/** Nested data (arguments, gradients) as paths to leaves. */

export type Path = readonly (string | number)[];

export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

/** Everything that is neither an array nor an object, with its path. */
export function leaves(data: unknown, path: Path = []): Leaf[] {
  if (!isContainer(data)) return [{ path, value: data }];
  return entries(data).flatMap(([key, value]) => leaves(value, [...path, key]));
}

export function numberLeaves(data: unknown): (Leaf & { readonly value: number })[] {
  return leaves(data).filter(
    (leaf): leaf is Leaf & { readonly value: number } => typeof leaf.value === "number",
  );
}

/** What is at the path; undefined where the path leads nowhere. */
export function at(data: unknown, path: Path): unknown {
  let current = data;
  for (const key of path) {
    if (!isContainer(current)) return undefined;
    const position = positionOf(current, key);
    if (position !== null) current = [...(current as Map<unknown, unknown>).values()][position];
    else if (current instanceof Map) current = current.get(key);
    else current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** A deep copy; instances stay instances, what is shared stays shared. */
export function copied<T>(data: T, done = new Map<object, object>()): T {
  if (!isContainer(data)) return data;
  const known = done.get(data);
  if (known !== undefined) return known as T;
  if (isCollection(data)) return collectionCopied(data, done) as T;
  const copy: object = Array.isArray(data)
    ? []
    : ArrayBuffer.isView(data)
      ? structuredClone(data)
      : (Object.create(Object.getPrototypeOf(data) as object | null) as object);
  done.set(data, copy);
  if (!ArrayBuffer.isView(data)) {
    for (const [key, value] of Object.entries(data))
      (copy as Record<string, unknown>)[key] = copied(value as unknown, done);
  }
  return copy as T;
}

function collectionCopied(
  data: Map<unknown, unknown> | Set<unknown>,
  done: Map<object, object>,
): Map<unknown, unknown> | Set<unknown> {
  if (data instanceof Set) {
    const copy = new Set<unknown>();
    done.set(data, copy);
    for (const element of data) copy.add(copied(element, done));
    return copy;
  }
  const copy = new Map<unknown, unknown>();
  done.set(data, copy);
  for (const [key, value] of data) copy.set(copied(key, done), copied(value, done));
  return copy;
}

/** A deep copy in which the leaf at `path` is replaced. */
export function replaced(data: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = copied(data);
  const position = positionOf(copy, key);
  if (copy instanceof Set) {
    const elements = [...(copy as Set<unknown>)];
    return new Set(elements.map((each, i) => (i === position ? replaced(each, rest, value) : each)));
  }
  if (copy instanceof Map) {
    const keys: unknown[] = [...(copy as Map<unknown, unknown>).keys()];
    const under = position === null ? key : keys[position];
    return copy.set(under, replaced(copy.get(under), rest, value));
  }
  const fields = copy as Record<string | number, unknown>;
  fields[key] = replaced(fields[key], rest, value);
  return copy;
}

/** Equal in structure, leaves equal as `Object.is`. */
export function identical(a: unknown, b: unknown): boolean {
  if (!isContainer(a) || !isContainer(b)) return Object.is(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (isCollection(a) && isCollection(b)) return identical([...a], [...b]);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && identical(at(a, [key]), at(b, [key])))
  );
}

/** Every array and object in the data, itself included, repeated where it is reachable twice. */
export function containers(data: unknown): object[] {
  if (!isContainer(data)) return [];
  return [data, ...entries(data).flatMap(([, value]) => containers(value))];
}

/** Sets every number in the data to another, in place. */
export function scramble(data: unknown): void {
  if (!isContainer(data)) return;
  for (const [key, value] of entries(data)) {
    const position = positionOf(data, key);
    if (typeof value === "number" && data instanceof Map)
      data.set(position === null ? key : [...data.keys()][position], value + 12345);
    else if (typeof value === "number") (data as Record<string | number, unknown>)[key] = value + 12345;
    else scramble(value);
  }
}

/** `dp.x[2]`. */
export function spell(path: Path): string {
  return path
    .map((key, i) => (typeof key === "number" ? `[${String(key)}]` : i > 0 ? `.${key}` : key))
    .join("");
}

function isContainer(data: unknown): data is object {
  return typeof data === "object" && data !== null;
}

function isCollection(data: object): data is Map<unknown, unknown> | Set<unknown> {
  return data instanceof Map || data instanceof Set;
}

function entries(data: object): [string | number, unknown][] {
  if (data instanceof Map)
    return [...(data as Map<unknown, unknown>)].map(([key, value], i) => [nameOf(key, i), value]);
  // What is in a set is a key, never a quantity; that of an object may lie in it.
  if (data instanceof Set)
    return [...(data as Set<unknown>)].flatMap((each, i) =>
      isContainer(each) ? [[nameOf(each, i), each] as [string, unknown]] : [],
    );
  const indexed = Array.isArray(data) || ArrayBuffer.isView(data);
  return Object.entries(data).map(([key, value]) => [indexed ? Number(key) : key, value as unknown]);
}

/** Objects that are keys are called by their places. */
function nameOf(key: unknown, index: number): string | number {
  return isContainer(key) ? `#${String(index)}` : (key as string | number);
}

/** The place of what an object is the key of; null for what has another key. */
function positionOf(data: unknown, key: string | number): number | null {
  const isOne =
    (data instanceof Map || data instanceof Set) && typeof key === "string" && key.startsWith("#");
  return isOne ? Number(key.slice(1)) : null;
}
