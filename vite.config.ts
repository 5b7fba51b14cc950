// Builds the admin application: admin/ → admin/dist, every file beside its gzip and brotli form. `npm run build`; src/http/spa.ts serves it.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Replaced by src/http/spa.ts in every answer with a fresh nonce. */
const NONCE = '__NONCE__';
/** Below this a compressed file saves no packet. */
const WORTH_BYTES = 1024;

export default defineConfig({
  root: 'admin',
  base: '/admin/',
  html: { cspNonce: NONCE },
  build: {
    outDir: 'dist',
    // What is served now stays until the new page is written; then what it does not name goes.
    emptyOutDir: false,
    target: 'es2023',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      // The page, and the one script of the views that a chat shows (src/http/apps.ts): under a name that stays.
      input: { page: path.join(import.meta.dirname, 'admin/index.html'), view: path.join(import.meta.dirname, 'admin/views/view.ts') },
      output: { entryFileNames: ({ name }) => (name === 'view' ? 'views/view.js' : 'assets/[name]-[hash].js') },
      // Mantine marks every file for servers that render; there is none here.
      onLog: (level, log, say) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && say(level, log),
    },
  },
  plugins: [tidied(), precompressed()],
  server: {
    port: 5173,
    proxy: { '/admin/v1': 'http://127.0.0.1:8787', '^/admin/(session|invitation)': { target: 'http://127.0.0.1:8787', bypass } },
  },
});

/** A page that a browser asks for is ours, what a script asks for is the server's. */
function bypass({
  headers,
  url,
}: {
  headers: Record<string, string | string[] | undefined>;
  url?: string | undefined;
}): string | undefined {
  return String(headers.accept).includes('text/html') ? url : undefined;
}

function tidied(): Plugin {
  return {
    name: 'tidied',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const assets = await readdir(path.join(dir, 'assets'));
      const gone = assets.filter((name) => !(`assets/${name.replace(/\.(br|gz)$/, '')}` in bundle));
      await Promise.all(gone.map((name) => rm(path.join(dir, 'assets', name))));
    },
  };
}

function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const files = await readdir(dir, { recursive: true, withFileTypes: true });
      const worth = files.filter((file) => file.isFile() && /\.(js|css|svg)$/.test(file.name));
      for (const { parentPath, name } of worth) {
        const file = path.join(parentPath, name);
        const bytes = await readFile(file);
        if (bytes.length < WORTH_BYTES) continue;
        await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes));
        await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
      }
    },
  };
}
