import { totalmem } from 'node:os';

const MB = 2 ** 20;

/** shared_buffers for a machine, or a container, with `memory` bytes: an eighth of it, at least 128 MB and at most 2 GB. It is taken page by page, as it is used. */
export function sharedBuffers(memory: number): string {
  return `${Math.round(Math.min(2048, Math.max(128, memory / 8 / MB)))}MB`;
}

/** What a container may have, where it is less than what the machine has. */
const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** How the private PostgreSQL is set. They stand on its command line, newest with every start: no file of the cluster has to be written again. */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  cluster_name: 'attending',
  listen_addresses: '', // a socket and nothing else
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',
  max_connections: '60',
  shared_buffers: sharedBuffers(memory),
  huge_pages: 'off', // reserving some fails in some containers
  max_parallel_workers_per_gather: '0', // a container's /dev/shm is 64 MB
  jit: 'off',
  // What was answered is on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal', // no replica reads it
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // The log tells the server's life, never a record. A refused statement's message, detail and text can each hold a patient ("invalid input syntax …: "Ada Okafor""),
  // so level `log` leaves errors of statements out, `terse` leaves details out, and no statement or parameter is written at all.
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql-%a.log', // a week, then overwritten
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_file_mode: '0600',
  log_line_prefix: '%m [%p] ',
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
};
