import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';
import { stretched } from './test/support/patience.ts';

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // containers, cgroups and mounts are the machine's: two cores serve two files at a time
    maxWorkers: 2,
    testTimeout: stretched(60_000),
    hookTimeout: stretched(60_000),
    // an emulated machine takes ten seconds to load what a test imports: there it does so once for all files
    isolate: process.env['RUNT_VM'] === undefined,
    // an emulated kernel has moments that no real one has: a test that fails is tried once more there, and its line says so
    retry: process.env['RUNT_VM'] === undefined ? 0 : 1,
    // in a machine that may hang, each test is told as it ends
    reporters: [process.env['RUNT_VM'] === undefined ? 'default' : 'verbose', new ClosingLine()],
  },
});

export default config;
