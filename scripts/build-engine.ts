/**
 * The engine: src/main.ts and all it needs, compiled by Bun into one executable. Run by Bun: OUT VERSION COMMIT [ORDER].
 *
 * A bundle folder's .env, bunfig.toml, package.json and tsconfig.json are the container's, not the engine's, so that
 * nothing of them is loaded. ORDER names files, with commas between, that runs with BUN_BYTECODE_ORDER_OUT have written.
 */
const [outfile = '', version = '', commit = '', order] = process.argv.slice(2);

/** What takes the place of some of Node's modules. */
const ours = new URL('../src/engine', import.meta.url).pathname;

const result = await Bun.build({
  entrypoints: ['src/main.ts'],
  compile: {
    outfile,
    autoloadDotenv: false,
    autoloadBunfig: false,
    autoloadPackageJson: false,
    autoloadTsconfig: false,
    ...(order && { bytecodeOrder: order.split(',') }),
  },
  bytecode: true,
  format: 'esm',
  minify: true,
  // each verb in a chunk of its own: a command reads the bytecode of no other
  splitting: true,
  target: 'bun',
  define: { RUNT_VERSION: JSON.stringify(version), RUNT_COMMIT: JSON.stringify(commit) },
  plugins: [
    {
      name: 'own-file-calls',
      setup(build) {
        // the engine's own are JavaScript that it reads at run time. Bun asks no plugin where node:fs is, so the
        // source says it; packages such as commander keep what they name
        build.onLoad({ filter: /\/src\/.*\.ts$/, namespace: 'file' }, async ({ path }) => {
          const source = await Bun.file(path).text();
          const contents = source.replaceAll(
            / from 'node:(fs|path)';/g,
            (_, name) => ` from '${ours}/${name}.ts';`,
          );
          // ps(1) is run by the engine's own: no other command loads that
          if (/ from 'node:(?!child_process')/.test(contents))
            throw new Error(`${path}: a module of Node's that src/engine lacks`);
          return { contents, loader: 'ts' };
        });
        build.onResolve({ filter: /\/addon-path\.ts$/ }, () => ({
          path: `${ours}/addon-path.ts`,
        }));
      },
    },
    {
      name: 'koffi-from-beside-the-engine',
      setup(build) {
        // koffi's own way to its addon would look for node_modules in the working folder, which is the container's
        build.onResolve({ filter: /^koffi$/ }, () => ({ path: 'koffi', namespace: 'beside' }));
        build.onLoad({ filter: /.*/, namespace: 'beside' }, () => ({
          contents: `const addon = { exports: {} };
            process.dlopen(addon, process.execPath.replace(/[^/]*$/, 'koffi.node'));
            export default addon.exports;`,
          loader: 'js',
        }));
      },
    },
    {
      name: 'commander-without-child-processes',
      setup(build) {
        // commander loads it for subcommands in programs of their own, which runt has not: 0.7 ms of every command
        build.onResolve({ filter: /^node:child_process$/ }, (args) =>
          args.importer.includes('/commander/')
            ? { path: 'no-child-process', namespace: 'empty' }
            : undefined,
        );
        build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
          contents: 'module.exports = {};',
          loader: 'js',
        }));
      },
    },
  ],
});
if (!result.success) throw new AggregateError(result.logs, 'bun build failed');
