// The names by which files are asked for at a partner's server.

/** A file by its folder (absolute, or from where the server puts this user; '.' is that place) and its name there. */
export interface FileAt {
  folder: string;
  name: string;
}

/** What a put is called until it is whole. */
export const PART = '.attending-part-';

/** Null where it is none that may be asked for. */
export function pathOf({ folder, name }: FileAt): string | null {
  if (!isFolder(folder) || !isName(name)) return null;
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** One step of a path that means the same to every server: no way up, no second step (a backslash is one on Windows), nothing that ends a line or a string. */
export function isName(name: string): boolean {
  return (
    name !== '.' && name !== '..' && name.isWellFormed() && /^[^/\\\p{Cc}\u2028\u2029]+$/u.test(name) && Buffer.byteLength(name) <= 255
  );
}

export function isFolder(folder: string): boolean {
  if (folder === '/' || folder === '.') return true;
  return folder.length <= 4_096 && folder.replace(/^\//, '').split('/').every(isName);
}
