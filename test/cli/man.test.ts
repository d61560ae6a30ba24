import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { manPages } from '../../src/cli/man.ts';

const pages = await manPages('runt', '1.2.3');
const page = (file: string): string => pages.find((one) => one.file === file)?.text ?? '';

describe('manual pages', () => {
  it('are there for the program and each command', () => {
    for (const name of Object.keys(commandTable)) {
      expect(page(`runt-${name}.8`)).toMatch(/^\.TH RUNT\\-[A-Z]+ 8 /);
      expect(page('runt.8')).toContain(`.BR runt\\-${name} (8)`);
    }
  });

  it('have every option, and none that is hidden', () => {
    expect(page('runt-exec.8')).toContain(
      '.TP\n\\fB\\-u\\fR, \\fB\\-\\-user\\fR \\fIvalue\\fR\nuser and group',
    );
    expect(page('runt-kill.8')).not.toContain('\\-\\-all');
  });

  it('are roff: no line of text is taken for a request', () => {
    for (const { text } of pages)
      for (const line of text.split('\n'))
        if (/^[.']/.test(line)) expect(line).toMatch(/^\.(TH|SH|TP|BR)( |$)/);
  });

  it.runIf(spawnSync('groff', ['--version']).status === 0)('please groff', () => {
    for (const { text } of pages) {
      const { status, stderr } = spawnSync('groff', ['-ww', '-man', '-Tutf8'], { input: text });
      expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
    }
  });
});
