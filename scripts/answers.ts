// `npm run answers -- juniper 2026-11-20 [seed]`: answers.json of a synthetic clinic on standard output: every question whose answer the generator knows, with the tool,
// the arguments and what must hold. Told from the story; no tool and no database has a part in it.
import { ROSTERS } from '../clinic/roster.ts';
import type { Options } from '../clinic/rows.ts';
import { answersOf } from '../clinic/truth.ts';
import { SEED } from '../src/start/sandbox.ts';

const [clinic = 'juniper', as_of = '2026-11-20', seed = String(SEED)] = process.argv.slice(2);
if (!Object.hasOwn(ROSTERS, clinic)) throw new Error(`There is no clinic ${clinic}. There are: ${Object.keys(ROSTERS).join(', ')}.`);
const options: Options = { clinic: clinic as Options['clinic'], seed: Number(seed), as_of };
process.stdout.write(`${JSON.stringify(answersOf({ options }), null, 1)}\n`);
