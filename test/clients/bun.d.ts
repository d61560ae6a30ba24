/** What of Bun's own is used here: it runs these tests. */
declare const Bun: {
  readonly YAML: { parse(text: string): unknown };
};
