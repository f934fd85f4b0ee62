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
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** A deep copy; instances stay instances, what is shared stays shared. */
export function copied<T>(data: T, done = new Map<object, object>()): T {
  if (!isContainer(data)) return data;
  const known = done.get(data);
  if (known !== undefined) return known as T;
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

/** A deep copy in which the leaf at `path` is replaced. */
export function replaced(data: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = copied(data) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, value);
  return copy;
}

/** Equal in structure, leaves equal as `Object.is`. */
export function identical(a: unknown, b: unknown): boolean {
  if (!isContainer(a) || !isContainer(b)) return Object.is(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
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
    if (typeof value === "number") (data as Record<string | number, unknown>)[key] = value + 12345;
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

function entries(data: object): [string | number, unknown][] {
  const indexed = Array.isArray(data) || ArrayBuffer.isView(data);
  return Object.entries(data).map(([key, value]) => [indexed ? Number(key) : key, value as unknown]);
}
