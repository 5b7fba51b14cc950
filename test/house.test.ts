// The walls of the house hold (test/house.ts), and each of them goes red when somebody walks through it.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FOLDERS, misfiled, WALLS } from './house.ts';
import { PLANTED } from './planted.ts';
import { scan } from './scan.ts';
import { isTest, readTree } from './tree.ts';

const ROOT = path.join(import.meta.dirname, '..');
const here = readTree(ROOT, FOLDERS);

describe('the house as it stands', () => {
  it.each(Object.entries(WALLS))('%s', (_, wall) => {
    expect(wall(here)).toEqual([]);
  });

  it('files an operation under the domain its permission names', async () => {
    expect(misfiled(await operationsIn(path.join(ROOT, 'src/operations')))).toEqual([]);
  });
});

/** Every object with a name and a permission that a file of the menu exports. */
async function operationsIn(folder: string): Promise<{ file: string; name: string; permission: string }[]> {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => !isTest(file) && !['operation.ts', 'index.ts'].includes(file))
    : [];
  const found = files.map(async (file) => {
    const exported: Record<string, unknown> = await import(pathToFileURL(path.join(folder, file)).href);
    return Object.values(exported).flatMap((each) => {
      const { name, permission } = (each ?? {}) as { name?: string; permission?: string };
      return name && permission ? [{ file, name, permission }] : [];
    });
  });
  return (await Promise.all(found)).flat();
}

describe.each(Object.entries(PLANTED))('%s', (name, { red, green }) => {
  const wall = WALLS[name as keyof typeof WALLS];
  for (const [planted, told] of red) {
    it(`is red for ${JSON.stringify(Object.values(planted)[0]?.slice(0, 80))} in ${Object.keys(planted)[0]}`, () => {
      expect(wall(new Map(Object.entries(planted)))).toEqual(told);
    });
  }
  it('lets pass what only looks like it', () => {
    expect(wall(new Map(Object.entries(green)))).toEqual([]);
  });
});

describe('an operation in the wrong file', () => {
  it('is told with its permission', () => {
    const filed = { file: 'prior-authorizations.ts', name: 'get_prior_authorizations', permission: 'prior_authorizations:read' };
    expect(misfiled([filed, { file: 'labs.ts', name: 'get_notes', permission: 'notes:read' }])).toEqual([
      'get_notes asks notes:read in labs.ts',
    ]);
  });
});

describe('reading a source', () => {
  it('keeps places, whatever stands in strings, templates, regexes and comments', () => {
    const source =
      "const a = 'it\\'s'; /* ' */ const b = `x ${{ c: '}' }.c} y`; const d = /[/'\"]`/.test(a) ? 4 / 2 : 1 / 3; import e from 'e'; // '";
    const { code, strings, imports } = scan(source);
    expect(code).toHaveLength(source.length);
    expect(strings.map(({ text }) => text)).toEqual(["it\\'s", '}', 'x ${} y', 'e']);
    expect(imports).toEqual([{ to: 'e', at: source.indexOf('from') }]);
  });
});
