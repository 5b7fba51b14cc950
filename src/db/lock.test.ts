import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockedError, lockFolder, lockHolder } from './lock.ts';

let folder: string;
const file = () => path.join(folder, 'attending.pid');

beforeEach(() => {
  folder = mkdtempSync('/tmp/att-lock-');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A process that waits for its stdin to end, so that many begin at one instant, tries to lock, and says won or the error. A winner holds on. */
function contender() {
  const code = `
    import { lockFolder } from ${JSON.stringify(path.join(import.meta.dirname, 'lock.ts'))};
    process.stdout.write('here;');
    process.stdin.resume().on('end', () => {
      try { lockFolder(process.argv[1]); process.stdout.write('won'); setInterval(() => {}, 1000); }
      catch (error) { process.stdout.write(error.message); }
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const saying = async (pattern: RegExp) => {
    while (!pattern.test(said)) await once(child.stdout, 'data');
    return said.replace('here;', '');
  };
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { pid: child.pid as number, go: () => child.stdin.end(), saying, end };
}

describe('one process serves a folder', () => {
  it('the lock is a 0600 file whose first line is the pid, and is gone when it is released', () => {
    const lock = lockFolder(folder);
    expect(readFileSync(file(), 'utf8')).toMatch(new RegExp(`^${process.pid}\n`));
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(lockHolder(folder)).toBe(process.pid);
    lock.release();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    expect(lockHolder(folder)).toBeUndefined();
  });

  it('a second one is told in one line who holds it', async () => {
    const first = contender();
    first.go();
    await first.saying(/won/);
    expect(() => lockFolder(folder)).toThrow(LockedError);
    expect(() => lockFolder(folder)).toThrow(
      `Attending already runs on this folder (pid ${first.pid}). Stop it first, or set ATTENDING_DATA to another folder.`,
    );
    await first.end();
  });

  it('of processes that begin at one instant on a dead lock, exactly one wins', async () => {
    for (let round = 0; round < 3; round++) {
      writeFileSync(file(), `4194304\nlong gone\n${round}\n`);
      const all = Array.from({ length: 6 }, contender);
      await Promise.all(all.map(({ saying }) => saying(/here/)));
      for (const { go } of all) go();
      const said = await Promise.all(all.map(({ saying }) => saying(/won|\./)));
      expect(said.filter((line) => line === 'won')).toHaveLength(1);
      expect(readdirSync(folder)).toEqual(['attending.pid']);
      await Promise.all(all.map(({ end }) => end()));
    }
  });

  it('a lock whose process was killed with -9 is taken over', async () => {
    const killed = contender();
    killed.go();
    await killed.saying(/won/);
    await killed.end();
    expect(lockHolder(folder)).toBeUndefined();
    lockFolder(folder).release();
  });

  it('a lock whose pid is another process by now is taken over', () => {
    const other = process.ppid;
    writeFileSync(file(), `${other}\nof before the boot:1\nx\n`);
    lockFolder(folder).release();
  });

  it.each(['', 'no pid\n', '0\n\n\n', '-1\n\n\n'])('a lock that a power cut left as %j is taken over', (left) => {
    writeFileSync(file(), left);
    lockFolder(folder).release();
  });
});
