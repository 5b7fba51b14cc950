// `attending stdio` on the small house of gate.ts, as a process of its own: what a client starts.
import { runStdio } from '../../src/http/stdio.ts';
import { fakeGate, PORTS, TOKEN } from './gate.ts';

await runStdio({ ...PORTS, gate: fakeGate(), token: process.argv[2] ?? TOKEN });
