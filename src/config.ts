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
  /** Where the sending role (app_sender) connects; with DATABASE_URL alone this process sends no messages. */
  ATTENDING_SENDER_URL: z.string().min(1).optional(),
  /** Where the role that works vendor accounts (app_keeper) connects; with DATABASE_URL alone this process works none. */
  ATTENDING_KEEPER_URL: z.string().min(1).optional(),
  /** Who takes text messages and e-mail. `file` is a folder of ATTENDING_DATA: nothing leaves it. */
  ATTENDING_SMS: z.enum(['file', 'spruce', 'aws']).default('file'),
  ATTENDING_MAIL: z.enum(['file', 'smtp']).default('file'),
  ATTENDING_SPRUCE_URL: z.url().default('https://api.sprucehealth.com/v1'),
  ATTENDING_SPRUCE_TOKEN: z.string().min(1).optional(),
  /** The clinic's number, as Spruce lists its internal endpoints. */
  ATTENDING_SPRUCE_ENDPOINT: z.string().min(1).optional(),
  /** Default: the regional endpoint of AWS. */
  ATTENDING_AWS_SMS_URL: z.url().optional(),
  ATTENDING_AWS_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('us-east-1'),
  ATTENDING_AWS_ACCESS_KEY_ID: z.string().min(1).optional(),
  ATTENDING_AWS_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** The clinic's number or pool. */
  ATTENDING_AWS_ORIGINATION: z.string().min(1).optional(),
  /** smtp://user:password@host:587, or smtps:// with TLS from the first byte. */
  ATTENDING_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  ATTENDING_MAIL_FROM: z.email().optional(),
  /** A folder with PostgreSQL's initdb, pg_ctl and postgres, instead of those found. */
  ATTENDING_POSTGRES_BIN: z.string().min(1).optional(),
  ATTENDING_CALL_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(20_000),
  ATTENDING_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** For `attending stdio`: the token, and the URL of a running Attending to bridge to. */
  ATTENDING_TOKEN: z.string().optional(),
  ATTENDING_URL: z.url().optional(),
});

/** As outbound/carriers.ts takes it. */
interface Sending {
  folder: string;
  sms:
    | { by: 'file' }
    | { by: 'spruce'; url: string; token: string; endpoint_id: string }
    | { by: 'aws'; url: string; region: string; keys: { access_key_id: string; secret_access_key: string }; origination: string };
  mail: { by: 'file' } | { by: 'smtp'; host: string; port: number; tls: boolean; auth?: { user: string; password: string }; from: string };
}

export interface Config {
  port: number;
  host: string;
  data_folder: string;
  public_url?: string;
  database_url?: string;
  api_url?: string;
  sender_url?: string;
  keeper_url?: string;
  sending: Sending;
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
    ...(data.ATTENDING_SENDER_URL !== undefined && { sender_url: data.ATTENDING_SENDER_URL }),
    ...(data.ATTENDING_KEEPER_URL !== undefined && { keeper_url: data.ATTENDING_KEEPER_URL }),
    sending: sendingOf(data),
    ...(data.ATTENDING_POSTGRES_BIN !== undefined && { postgres_bin: data.ATTENDING_POSTGRES_BIN }),
    call_timeout_ms: data.ATTENDING_CALL_TIMEOUT_MS,
    log_level: data.ATTENDING_LOG,
    ...(data.ATTENDING_TOKEN !== undefined && { token: data.ATTENDING_TOKEN }),
    ...(data.ATTENDING_URL !== undefined && { url: data.ATTENDING_URL }),
  };
}

function sendingOf(data: z.output<typeof Environment>): Sending {
  const needed = <K extends keyof typeof data>(name: K, by: 'ATTENDING_SMS' | 'ATTENDING_MAIL'): NonNullable<(typeof data)[K]> => {
    const value = data[name];
    if (value === undefined) throw new Error(`${name}: is needed where ${by} is ${data[by]}`);
    return value as NonNullable<(typeof data)[K]>;
  };
  const texts = (): Sending['sms'] => {
    if (data.ATTENDING_SMS === 'file') return { by: 'file' };
    if (data.ATTENDING_SMS === 'spruce')
      return {
        by: 'spruce',
        url: data.ATTENDING_SPRUCE_URL,
        token: needed('ATTENDING_SPRUCE_TOKEN', 'ATTENDING_SMS'),
        endpoint_id: needed('ATTENDING_SPRUCE_ENDPOINT', 'ATTENDING_SMS'),
      };
    return {
      by: 'aws',
      url: data.ATTENDING_AWS_SMS_URL ?? `https://sms-voice.${data.ATTENDING_AWS_REGION}.amazonaws.com`,
      region: data.ATTENDING_AWS_REGION,
      keys: {
        access_key_id: needed('ATTENDING_AWS_ACCESS_KEY_ID', 'ATTENDING_SMS'),
        secret_access_key: needed('ATTENDING_AWS_SECRET_ACCESS_KEY', 'ATTENDING_SMS'),
      },
      origination: needed('ATTENDING_AWS_ORIGINATION', 'ATTENDING_SMS'),
    };
  };
  const mail = (): Sending['mail'] => {
    if (data.ATTENDING_MAIL === 'file') return { by: 'file' };
    const { hostname, port, protocol, username, password } = new URL(needed('ATTENDING_SMTP_URL', 'ATTENDING_MAIL'));
    const tls = protocol === 'smtps:';
    return {
      ...{ by: 'smtp', host: hostname, port: Number(port) || (tls ? 465 : 587), tls },
      ...(username !== '' && { auth: { user: decodeURIComponent(username), password: decodeURIComponent(password) } }),
      from: needed('ATTENDING_MAIL_FROM', 'ATTENDING_MAIL'),
    };
  };
  return { folder: path.resolve(data.ATTENDING_DATA, 'outbox'), sms: texts(), mail: mail() };
}
