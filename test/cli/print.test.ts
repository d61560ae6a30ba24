/** The texts against runc's own output, byte for byte. */
import { describe, expect, it } from 'vitest';
import { listDocument, listTable, stateDocument, versionLines } from '../../src/cli/print.ts';
import { sampleState } from '../support/recording-runtime.ts';

const header = 'ID          PID         STATUS      BUNDLE      CREATED     OWNER\n';

describe('listTable', () => {
  it('is only the header when there is nothing', () => {
    expect(listTable([])).toBe(header);
  });

  it('looks like list.txt', () => {
    expect(listTable([sampleState])).toBe(
      'ID          PID         STATUS      BUNDLE                    CREATED                          OWNER\n' +
        't2          229         running     /tmp/bats-run-smpC3cQ/b   2026-11-22T08:52:37.452157097Z   root\n',
    );
  });

  it('gives a column its widest cell and 3, counting letters', () => {
    const [top = '', row = ''] = listTable([{ ...sampleState, bundle: '/größe-ünd-höhe' }]).split(
      '\n',
    );
    expect(top.indexOf('CREATED')).toBe(36 + 15 + 3);
    expect(row.indexOf('2026')).toBe(36 + 15 + 3);
  });
});

describe('listDocument', () => {
  it('looks like list.json', () => {
    expect(listDocument([sampleState])).toBe(
      '[{"ociVersion":"1.3.0","id":"t2","pid":229,"status":"running","bundle":"/tmp/bats-run-smpC3cQ/b","rootfs":"/tmp/bats-run-smpC3cQ/b/rootfs","created":"2026-11-22T08:52:37.452157097Z","owner":"root"}]\n',
    );
  });

  it('is null when there is nothing', () => {
    expect(listDocument([])).toBe('null\n');
  });

  it('has annotations before the owner, whatever the order it was given', () => {
    const { owner, ...rest } = sampleState;
    expect(listDocument([{ owner, ...rest, annotations: { a: 'b' } }])).toMatch(
      /^\[\{"ociVersion".*Z","annotations":\{"a":"b"\},"owner":"root"\}\]\n$/,
    );
  });
});

describe('stateDocument', () => {
  it('looks like state.json', () => {
    expect(stateDocument({ ...sampleState, owner: '' })).toBe(`{
  "ociVersion": "1.3.0",
  "id": "t2",
  "pid": 229,
  "status": "running",
  "bundle": "/tmp/bats-run-smpC3cQ/b",
  "rootfs": "/tmp/bats-run-smpC3cQ/b/rootfs",
  "created": "2026-11-22T08:52:37.452157097Z",
  "owner": ""
}`);
  });
});

describe('versionLines', () => {
  it('has every line that is known', () => {
    const report = { version: '0.1.0', commit: 'abc', spec: '1.3.0', libseccomp: '2.5.4' };
    expect(versionLines('runt', report)).toBe(
      'runt version 0.1.0\ncommit: abc\nspec: 1.3.0\nlibseccomp: 2.5.4\n',
    );
  });

  it('leaves out what is not', () => {
    expect(versionLines('runc', { version: '1', commit: '', spec: '1.3.0' })).toBe(
      'runc version 1\nspec: 1.3.0\n',
    );
  });
});
