/**
 * As much of Bun's own types as scripts/build-engine.ts and test/clients use.
 */
interface BunModule {
  readonly path: string;
  readonly importer: string;
}

interface BunContents {
  readonly contents: string;
  readonly loader: 'js' | 'ts';
}

interface BunPluginBuild {
  onResolve(
    constraints: { readonly filter: RegExp },
    callback: (
      args: BunModule,
    ) => { readonly path: string; readonly namespace?: string } | undefined,
  ): void;
  onLoad(
    constraints: { readonly filter: RegExp; readonly namespace: string },
    callback: (args: BunModule) => BunContents | Promise<BunContents>,
  ): void;
}

declare const Bun: {
  readonly YAML: { parse(text: string): unknown };
  file(path: string): { text(): Promise<string> };
  build(options: {
    readonly entrypoints: readonly string[];
    readonly compile: {
      readonly outfile: string;
      readonly autoloadDotenv: boolean;
      readonly autoloadBunfig: boolean;
      readonly autoloadPackageJson: boolean;
      readonly autoloadTsconfig: boolean;
      readonly bytecodeOrder?: readonly string[];
    };
    readonly bytecode: boolean;
    readonly format: 'esm';
    readonly minify: boolean;
    readonly splitting: boolean;
    readonly target: 'bun';
    readonly define: Readonly<Record<string, string>>;
    readonly splitting: boolean;
    readonly plugins: readonly {
      readonly name: string;
      setup(build: BunPluginBuild): void;
    }[];
  }): Promise<{ readonly success: boolean; readonly logs: readonly Error[] }>;
};
