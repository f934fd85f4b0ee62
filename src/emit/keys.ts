/** Names of fields as TypeScript writes them. */

export function keyText(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function accessText(object: string, name: string): string {
  return isIdentifier(name) ? `${object}.${name}` : `${object}[${JSON.stringify(name)}]`;
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}
