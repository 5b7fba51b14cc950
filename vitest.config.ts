import { defineConfig } from 'vitest/config';
import { findBinaries } from './src/db/binaries.ts';

const machine = await findBinaries({ only: 'machine' }).catch(() => undefined);
if (!machine) console.log("The tests on this machine's own PostgreSQL are left out: none of 15 or newer was found.");

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    globalSetup: ['test/global-setup.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'bundled', include: ['src/**/*.test.ts', 'admin/**/*.test.ts', 'clinic/**/*.test.ts', 'test/**/*.test.ts'] },
      },
      ...(machine
        ? [
            {
              extends: true as const,
              test: {
                name: 'machine',
                include: [
                  'src/db/**/*.test.ts',
                  'src/governance/**/*.test.ts',
                  'test/{catalog,audit}.test.ts',
                  'test/{audit,tenancy}/**/*.test.ts',
                  'test/journeys/first-answer.test.ts',
                ],
              },
            },
          ]
        : []),
    ],
  },
});
