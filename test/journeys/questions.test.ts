// The questions of a working day as staff ask them: each has a tool and arguments that answer it (answers.test.ts asks them), and the tool can be found by its words.
import { expect, it } from 'vitest';
import { answersOf } from '../../clinic/truth.ts';
import { toolOf } from '../../src/http/tool-schema.ts';
import { catalogue } from '../../src/operations/index.ts';
import { SEED } from '../../src/start/sandbox.ts';
import { TODAY } from '../app.ts';
import { verifies } from '../promises.ts';
import { ranked } from '../rank.ts';

const tools = catalogue.filter(({ doors }) => (doors as readonly string[]).includes('mcp')).map(toolOf);
const questions = [
  ...new Map(
    answersOf({ options: { clinic: 'juniper', seed: SEED, as_of: TODAY } }).flatMap(({ ask, tool }) =>
      ask === undefined ? [] : [[ask, tool] as const],
    ),
  ),
].map(([ask, tool]) => ({ ask, tool }));

it('there are 120 of them and more, and every tool answers at least two', () => {
  expect(questions.length).toBeGreaterThanOrEqual(120);
  const asked = new Map(tools.map(({ name }) => [name, questions.filter(({ tool }) => tool === name).length]));
  expect([...asked].filter(([name, n]) => n < 2 && !['connection_status', 'read_untrusted'].includes(name))).toEqual([]);
});

verifies('tools:found-by-their-words', () => {
  const missed = questions
    .map(({ ask, tool }) => ({ ask, tool, first: ranked(tools, ask).slice(0, 3) }))
    .filter(({ tool, first }) => !first.includes(tool));
  // 110 of 120.
  expect(missed.length / questions.length, JSON.stringify(missed, null, 1)).toBeLessThanOrEqual(10 / 120);
});
