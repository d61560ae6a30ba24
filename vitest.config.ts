import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // containers, cgroups and mounts are the machine's: two cores serve two files at a time
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', new ClosingLine()],
  },
});

export default config;
