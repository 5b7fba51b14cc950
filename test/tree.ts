// The repository as the walls of house.ts see it: path → text, the arrows between files, and what a pattern finds in code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lineOf, scan } from './scan.ts';

/** Path from the repository's root, with slashes → text. Code and migrations, nothing else. */
export type Tree = ReadonlyMap<string, string>;

/** The tree of these folders of the repository at `root`, as they stand. */
export function readTree(root: string, folders: readonly string[]): Tree {
  const files = folders
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)))
    .filter((file) => (isCode(file) || isMigration(file)) && !/\/(node_modules|dist)\//.test(file));
  return new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

export const isCode = (file: string) => /\.[cm]?[jt]sx?$/.test(file);
export const isTest = (file: string) => /\.test\.[cm]?tsx?$/.test(file);
export const isMigration = (file: string) => /^src\/db\/migrations\/.*\.sql$/.test(file);
export const isSource = (file: string) => file.startsWith('src/');
/** What serves: tests beside it are free to look at anything. */
export const isServer = (file: string) => isSource(file) && isCode(file) && !isTest(file);

export const codeOf = (tree: Tree, which: (file: string) => boolean = () => true) =>
  [...tree.keys()].filter((file) => isCode(file) && which(file));

export function importsIn(tree: Tree, file: string): { to: string | null; at: number }[] {
  const source = tree.get(file) ?? '';
  return scan(source).imports.map(({ to, at }) => ({ to, at: lineOf(source, at) }));
}

/** Every import of a file of ours, types too, by path; one that is written without its ending is found all the same. */
export function arrows(tree: Tree): { from: string; at: number; to: string }[] {
  return codeOf(tree).flatMap((from) =>
    importsIn(tree, from).flatMap(({ to, at }) => {
      if (to === null || !/^(\.{1,2}(\/|$)|\/|file:)/.test(to)) return [];
      const plain = to.startsWith('.') ? path.join(path.dirname(from), to.replace(/[?#].*$/, '')) : to;
      const spellings = [plain, plain.replace(/\.js$/, '.ts'), `${plain}.ts`, `${plain}.tsx`, `${plain}/index.ts`];
      return [{ from, at, to: spellings.find((each) => tree.has(each)) ?? plain }];
    }),
  );
}

/** The circles that the arrows make, each as the way round. */
export function circles(tree: Tree): string[] {
  const next = Map.groupBy(arrows(tree), ({ from }) => from);
  const done = new Set<string>();
  const rings: string[] = [];
  const walk = (file: string, trail: readonly string[]) => {
    const start = trail.indexOf(file);
    if (start >= 0) rings.push([...trail.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const to of new Set(next.get(file)?.map((arrow) => arrow.to))) walk(to, [...trail, file]);
    done.add(file);
  };
  for (const file of tree.keys()) walk(file, []);
  return rings;
}

/** `file:line what` for each place in code (not in strings, not in comments) where the pattern matches. */
export function found(tree: Tree, pattern: RegExp, what: string, which?: (file: string) => boolean): string[] {
  return codeOf(tree, which).flatMap((file) => {
    const source = tree.get(file) ?? '';
    return [...scan(source).code.matchAll(pattern)].map(({ index }) => `${file}:${lineOf(source, index)} ${what}`);
  });
}
