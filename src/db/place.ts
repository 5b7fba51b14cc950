// Where the private cluster of a data folder lives, and the folder of its socket.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { isRoot, type OsUser, systemUser } from './os-user.ts';

const ROOTS_HOME = '/var/lib/attending';
const PORT = 5432;

export interface Place {
  data_folder: string;
  /** The cluster, or where it will be; no link in its path. */
  cluster_folder: string;
  /** The folder around the cluster. As root it belongs to root, so that nobody else can put another cluster there. */
  home: string;
  /** Set when we are root. */
  runs_as?: OsUser;
  /** `<data_folder>/pg`, where it is to point to the cluster. */
  link?: string;
}

/** Finds or prepares the place of `data_folder`'s cluster: `pg` in it; as root below /var/lib/attending, for the user PostgreSQL then runs as cannot pass a 0700
 *  parent such as root's home. Throws an Error of one plain line when what stands there is not ours to open. */
export async function findPlace(data_folder: string): Promise<Place> {
  const pg = path.join(data_folder, 'pg');
  const found = lstatSync(pg, { throwIfNoEntry: false });
  if (!isRoot()) return ownPlace(data_folder, pg);
  if (found?.isDirectory()) return othersPlace(data_folder, pg, found);
  const runs_as = await systemUser();
  const home = rootsHome(data_folder);
  makeRootsFolder(ROOTS_HOME, 0o755, 0);
  makeRootsFolder(home, 0o710, runs_as.gid);
  const cluster_folder = path.join(home, 'pg');
  const pointsTo = found && readlinkSync(pg);
  if (pointsTo !== undefined && pointsTo !== cluster_folder) {
    throw new Error(
      `${pg} points to the database of another folder (${pointsTo}). Where this folder was moved: mv ${pointsTo} ${cluster_folder} && rm ${pg}`,
    );
  }
  if (pointsTo !== undefined && !existsSync(cluster_folder)) {
    throw new Error(
      `The database of this folder is gone: ${pg} points to ${pointsTo}. Bring it back from a backup, or remove ${data_folder} to begin with an empty one.`,
    );
  }
  const owner = lstatSync(cluster_folder, { throwIfNoEntry: false });
  if (owner && (!owner.isDirectory() || owner.uid === 0))
    throw new Error(`${cluster_folder} is not a folder of PostgreSQL's user. Move it away.`);
  return { data_folder, cluster_folder, home, runs_as: owner ? { uid: owner.uid, gid: owner.gid } : runs_as, link: pg };
}

/** Where root keeps the cluster of `data_folder` (its real path). */
export function rootsHome(data_folder: string): string {
  return path.join(ROOTS_HOME, createHash('sha256').update(data_folder).digest('hex').slice(0, 16));
}

function ownPlace(data_folder: string, pg: string): Place {
  const found = statSync(pg, { throwIfNoEntry: false });
  if (!found && lstatSync(pg, { throwIfNoEntry: false })) {
    throw new Error(
      `${pg} points to a place that this user cannot open. Start Attending as root, as it was at first, or set ATTENDING_DATA to another folder.`,
    );
  }
  if (found && found.uid !== process.getuid?.())
    throw new Error(`${pg} belongs to another user (${found.uid}). Start Attending as that user, or set ATTENDING_DATA to another folder.`);
  return { data_folder, cluster_folder: found ? realpathSync(pg) : pg, home: data_folder };
}

/** An ordinary user made it, and now root starts it: it stays where it is, and its owner runs it. */
function othersPlace(data_folder: string, pg: string, { uid, gid }: Stats): Place {
  if (uid === 0)
    throw new Error(`${pg} belongs to root, and PostgreSQL does not run as root. Move it away, or give it to an ordinary user.`);
  return { data_folder, cluster_folder: pg, home: data_folder, runs_as: { uid, gid } };
}

function makeRootsFolder(folder: string, mode: number, gid: number): void {
  mkdirSync(folder, { recursive: true, mode });
  const { uid, mode: has } = checkFolder(folder);
  if (uid !== 0 || (has & 0o022) !== 0) throw new Error(`${folder} does not belong to root alone. Move it away, and start again.`);
  chownSync(folder, 0, gid);
  chmodSync(folder, mode);
}

/** Where the cluster's socket is: a short path (it ends at about 107 bytes), by a name that is the cluster's own and the same at each start: a new cluster never
 *  meets the socket of a deleted one. */
export function socketFolderOf({ cluster_folder, runs_as }: Place): string {
  const uid = runs_as?.uid ?? process.getuid?.();
  return path.join(runs_as && isTrusted('/run') ? '/run' : '/tmp', `attending-${uid}-${systemIdentifier(cluster_folder)}`);
}

/** Makes it, 0700 and of the user PostgreSQL runs as. Throws when somebody else holds the name. */
export function makeSocketFolder(place: Place): { socket_folder: string; port: number } {
  const { runs_as } = place;
  const socket_folder = socketFolderOf(place);
  const uid = runs_as?.uid ?? process.getuid?.();
  try {
    mkdirSync(socket_folder, { mode: 0o700 });
    if (runs_as) lchownSync(socket_folder, runs_as.uid, runs_as.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = checkFolder(socket_folder);
  // We died between making it and giving it away. In /run nobody else can have made it.
  if (runs_as && found.uid === 0 && socket_folder.startsWith('/run/')) lchownSync(socket_folder, runs_as.uid, runs_as.gid);
  else if (found.uid !== uid || (found.mode & 0o077) !== 0)
    throw new Error(`${socket_folder} is not ours alone (it must be of user ${uid}, mode 0700). Remove it, and start again.`);
  return { socket_folder, port: PORT };
}

function isTrusted(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === 0 && (found.mode & 0o022) === 0;
}

function checkFolder(folder: string): Stats {
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder. Remove it, and start again.`);
  return found;
}

/** The number that initdb gave this cluster: the first eight bytes of its control file. */
function systemIdentifier(cluster_folder: string): string {
  const file = openSync(path.join(cluster_folder, 'global/pg_control'), 'r');
  try {
    const bytes = Buffer.alloc(8);
    readSync(file, bytes);
    return bytes.toString('hex');
  } finally {
    closeSync(file);
  }
}
