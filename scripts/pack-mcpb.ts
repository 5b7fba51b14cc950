// Packs attending.mcpb, the bundle that Claude Desktop installs with a double click: the bridge of src/http/bridge.ts as plain JavaScript, which needs nothing but Node.
// node scripts/pack-mcpb.ts [out.mcpb]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packExtension } from '@anthropic-ai/mcpb';

const ROOT = path.join(import.meta.dirname, '..');
const { version }: { version: string } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

const MANIFEST = {
  manifest_version: '0.3',
  name: 'attending',
  display_name: 'Attending',
  version,
  description: 'Asks the record of your clinic. The AI reads and drafts; the attending signs.',
  author: { name: 'Attending' },
  license: 'Apache-2.0',
  server: {
    type: 'node',
    entry_point: 'server/main.mjs',
    mcp_config: {
      command: 'node',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the client fills it in.
      args: ['${__dirname}/server/main.mjs'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the client fills them in.
      env: { ATTENDING_URL: '${user_config.url}', ATTENDING_TOKEN: '${user_config.token}' },
    },
  },
  // What the tools are is told by the clinic that the token belongs to.
  tools_generated: true,
  compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20' } },
  user_config: {
    url: {
      type: 'string',
      title: 'Address of Attending',
      description: 'Where your clinic runs it, for example https://attending.example.org. Plain http:// is for this computer only.',
      default: 'http://127.0.0.1:8787',
      required: true,
    },
    token: {
      type: 'string',
      title: 'Token',
      description: 'The credential your clinic gave you; it begins with mscp_.',
      sensitive: true,
      required: true,
    },
  },
} as const;

const MAIN = `import { bridgeStdio } from './bridge.mjs';
const { ATTENDING_URL: url, ATTENDING_TOKEN: token } = process.env;
try {
  if (!url || !token) throw new Error('Fill in the address and the token in the settings of this extension.');
  await bridgeStdio({ url, token });
} catch (error) {
  process.stderr.write(\`attending: \${error.message}\\n\`);
  process.exitCode = 1;
}
`;

/** Writes the bundle to `out`. */
export async function packBundle(out: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'attending-mcpb-'));
  try {
    mkdirSync(path.join(folder, 'server'));
    const bridge = readFileSync(path.join(ROOT, 'src/http/bridge.ts'), 'utf8');
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(MANIFEST, null, 2));
    writeFileSync(path.join(folder, 'server/bridge.mjs'), stripTypeScriptTypes(bridge));
    writeFileSync(path.join(folder, 'server/main.mjs'), MAIN);
    if (!(await packExtension({ extensionPath: folder, outputPath: out, silent: true })))
      throw new Error('The manifest of the bundle is not valid.');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const out = path.resolve(process.argv[2] ?? 'attending.mcpb');
  await packBundle(out);
  console.log(out);
}
