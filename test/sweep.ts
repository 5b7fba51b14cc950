// Leaves nothing behind: temporary folders, and the private PostgreSQL that runs in any folder below them.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { isRoot } from '../src/db/os-user.ts';
import { type Place, rootsHome, socketFolderOf } from '../src/db/place.ts';
import { findPostmaster, stopPostmaster } from '../src/db/postmaster.ts';

export interface SweptFolder {
  folder: string;
  /** Ends every PostgreSQL below the folder and removes all. */
  sweep(): Promise<void>;
}

/** A temporary folder on a leash: a process of its own sweeps it when we die before we did, by Ctrl-C, kill -9 or a crash. It learns so by the end of its stdin. */
export function aSweptFolder(): SweptFolder {
  const folder = mkdtempSync('/tmp/att-');
  const leash = spawn(process.execPath, [path.join(import.meta.dirname, 'sweep.ts'), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  leash.unref();
  return {
    folder,
    async sweep() {
      await sweep(folder);
      leash.stdin.end();
    },
  };
}

async function sweep(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const data_folder of dataFoldersIn(realpathSync(folder))) {
    const place = placeAsFound(data_folder);
    if (existsSync(path.join(place.cluster_folder, 'global/pg_control'))) {
      const running = findPostmaster(place);
      const socket_folder = socketFolderOf(place);
      if (running) await stopPostmaster(running.pid, place);
      rmSync(socket_folder, { recursive: true, force: true });
    }
    if (isRoot()) rmSync(rootsHome(data_folder), { recursive: true, force: true, maxRetries: 5 });
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** As findPlace, but of a folder in whatever state a test left it. */
function placeAsFound(data_folder: string): Place {
  const pg = path.join(data_folder, 'pg');
  const cluster_folder = lstatSync(pg, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(pg) : pg;
  const owner = isRoot() ? statSync(cluster_folder, { throwIfNoEntry: false }) : undefined;
  return { data_folder, cluster_folder, home: path.dirname(cluster_folder), ...(owner && { runs_as: { uid: owner.uid, gid: owner.gid } }) };
}

/** Every folder that may be one: a start that was refused leaves little to tell it by. */
function dataFoldersIn(folder: string): string[] {
  if (lstatSync(path.join(folder, 'pg'), { throwIfNoEntry: false })) return [folder];
  return [
    folder,
    ...readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? dataFoldersIn(path.join(folder, entry.name)) : [],
    ),
  ];
}

if (process.argv[1] === import.meta.filename && process.argv[2]?.startsWith('/tmp/att-')) {
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.on('close', resolve));
  await sweep(process.argv[2]);
}
