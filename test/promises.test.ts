// Every promise of promises.ts is kept by a test somewhere in the tree, and every test that says it keeps one names one that exists.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOLDERS } from './house.ts';
import { PROMISES } from './promises.ts';
import { lineOf, scan } from './scan.ts';
import { codeOf, found, isTest, readTree, type Tree } from './tree.ts';

const ROOT = path.join(import.meta.dirname, '..');

describe('the promises', () => {
  const { kept, broken } = readPromises(readTree(ROOT, FOLDERS), Object.keys(PROMISES));

  it('are each kept by a test', () => {
    expect(Object.keys(PROMISES).filter((id) => !kept.has(id))).toEqual([]);
  });
  it('are named by tests that can be found and do run', () => {
    expect(broken).toEqual([]);
  });
  it('are one sentence each, with a source', () => {
    const sentence = /^[A-Z].{20,}[^.\s]$/;
    const vague = Object.entries(PROMISES).filter(
      ([, { source, behavior }]) => !sentence.test(behavior) || !/^([ESMDN]\d|[a-z]+\.md |\d+ CFR|RFC )/.test(source),
    );
    expect(vague).toEqual([]);
  });
});

/** The ids that tests keep, and what breaks the tie between promises and tests, as `file:line what`. */
function readPromises(tree: Tree, ids: readonly string[]): { kept: Set<string>; broken: string[] } {
  const kept = new Set<string>();
  const files = codeOf(tree, (file) => file !== 'test/promises.ts' && scan(tree.get(file) ?? '').code.includes('verifies'));
  const broken = files.flatMap((file) => {
    const source = tree.get(file) ?? '';
    const { code, strings } = scan(source);
    const body = code.replaceAll(/\bimport\b[^;=()]*?\bfrom\b/g, (clause) =>
      /\bverifies\s+as\b/.test(clause) ? clause : ' '.repeat(clause.length),
    );
    return [...body.matchAll(/(?<![\w$.])verifies\b(?:\s*\(\s*)?/g)].flatMap(({ 0: call, index }) => {
      const at = index + call.length;
      const id = strings.find((each) => each.at === at)?.text;
      const place = `${file}:${lineOf(source, index)}`;
      if (!isTest(file)) return [`${place} keeps a promise outside of a test file`];
      if (id === undefined || id.includes('${}') || code[at + id.length + 2] !== ',') return [`${place} keeps what only running tells`];
      if (!ids.includes(id)) return [`${place} keeps ${id}, which nobody promised`];
      kept.add(id);
      return [];
    });
  });
  const asleep = found(tree, /\b(?:test|it|describe|suite)\s*\.\s*(?:skip|only|todo)\b/g, 'puts tests to sleep', (file) =>
    files.includes(file),
  );
  return { kept, broken: [...broken, ...asleep] };
}

describe('reading the promises that tests keep', () => {
  const read = (text: string, file = 'src/governance/audit.test.ts') =>
    readPromises(new Map([[file, text]]), ['audit:append-only', 'errors:no-phi']);
  const imported = "import { verifies } from '../../test/promises.ts';\n";

  it('finds a promise that is kept, wherever its literal stands', () => {
    const { kept, broken } = read(
      `${imported}describe('x', () => { verifies('audit:append-only', run);\n  verifies(\n    "errors:no-phi",\n    run);\n});`,
    );
    expect([...kept]).toEqual(['audit:append-only', 'errors:no-phi']);
    expect(broken).toEqual([]);
  });

  it('does not count a promise in a comment or in a string', () => {
    expect(read(`${imported}// verifies('audit:append-only', run)\nconst text = "verifies('errors:no-phi', run)";`)).toEqual({
      kept: new Set(),
      broken: [],
    });
  });

  it.each([
    ["verifies('audit:append-never', run)", 'keeps audit:append-never, which nobody promised'],
    ['verifies(id, run)', 'keeps what only running tells'],
    ['verifies(`audit:${what}`, run)', 'keeps what only running tells'],
    ["verifies('audit:' + 'append-only', run)", 'keeps what only running tells'],
    ['ids.forEach(verifies)', 'keeps what only running tells'],
    ["import { verifies as keeps } from './promises.ts'", 'keeps what only running tells'],
    ["verifies('errors:no-phi', run); it.skip('later', run)", 'puts tests to sleep'],
    ["describe.only('x', () => verifies('errors:no-phi', run))", 'puts tests to sleep'],
  ])('is red for %s', (text, told) => {
    expect(read(text).broken).toEqual([`src/governance/audit.test.ts:1 ${told}`]);
  });

  it('is red for a promise kept where vitest does not look', () => {
    expect(read("verifies('errors:no-phi', run)", 'test/audit.ts')).toEqual({
      kept: new Set(),
      broken: ['test/audit.ts:1 keeps a promise outside of a test file'],
    });
  });
});
