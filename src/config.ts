import path from 'node:path';
import * as z from 'zod';

const Environment = z.object({
  PORT: z.coerce.number('must be a port number, 0 to 65535').int().min(0).max(65535).default(8787),
  /** Loopback unless said otherwise: a public address wants TLS in front and PUBLIC_URL. */
  ATTENDING_HOST: z.string().min(1).default('127.0.0.1'),
  ATTENDING_DATA: z.string().min(1).default('.attending'),
  ATTENDING_PUBLIC_URL: z.url().optional(),
  /** The migrator's database; without it a private PostgreSQL in ATTENDING_DATA. */
  DATABASE_URL: z.string().min(1).optional(),
  /** Where the serving role (app_api) connects; asked for with DATABASE_URL. */
  ATTENDING_API_URL: z.string().min(1).optional(),
  /** A folder with PostgreSQL's initdb, pg_ctl and postgres, instead of those found. */
  ATTENDING_POSTGRES_BIN: z.string().min(1).optional(),
  ATTENDING_CALL_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(20_000),
  ATTENDING_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** For `attending stdio`: the token, and the URL of a running Attending to bridge to. */
  ATTENDING_TOKEN: z.string().optional(),
  ATTENDING_URL: z.url().optional(),
});

export interface Config {
  port: number;
  host: string;
  data_folder: string;
  public_url?: string;
  database_url?: string;
  api_url?: string;
  postgres_bin?: string;
  call_timeout_ms: number;
  log_level: string;
  token?: string;
  url?: string;
}

/** The settings of this process. Throws an Error whose message is one plain line that names the variable. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${String(issue?.path[0])}: ${issue?.message}`);
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    host: data.ATTENDING_HOST,
    data_folder: path.resolve(data.ATTENDING_DATA),
    ...(data.ATTENDING_PUBLIC_URL !== undefined && { public_url: data.ATTENDING_PUBLIC_URL }),
    ...(data.DATABASE_URL !== undefined && { database_url: data.DATABASE_URL }),
    ...(data.ATTENDING_API_URL !== undefined && { api_url: data.ATTENDING_API_URL }),
    ...(data.ATTENDING_POSTGRES_BIN !== undefined && { postgres_bin: data.ATTENDING_POSTGRES_BIN }),
    call_timeout_ms: data.ATTENDING_CALL_TIMEOUT_MS,
    log_level: data.ATTENDING_LOG,
    ...(data.ATTENDING_TOKEN !== undefined && { token: data.ATTENDING_TOKEN }),
    ...(data.ATTENDING_URL !== undefined && { url: data.ATTENDING_URL }),
  };
}
