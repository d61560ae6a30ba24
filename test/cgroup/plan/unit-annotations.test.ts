import { describe, expect, test } from 'vitest';
import { isRuntError } from '../../../src/base/errors.ts';
import { renderError } from '../../../src/base/render-error.ts';
import { annotatedProperties } from '../../../src/cgroup/plan/unit-annotations.ts';
import { failureOf } from '../../support/failure.ts';

const one = (name: string, value: string) =>
  annotatedProperties({ [`org.systemd.property.${name}`]: value });

describe('annotatedProperties', () => {
  test('other annotations are none of systemd', () => {
    expect(annotatedProperties({ 'org.systemd': '1', 'a.org.systemd.property.CPU': 'x' })).toEqual(
      [],
    );
  });

  test.each([
    ['TimeoutStopUSec', 'uint64 123456789', 'TimeoutStopUSec', 't', 123_456_789n],
    ['CollectMode', "'inactive-or-failed'", 'CollectMode', 's', 'inactive-or-failed'],
    ['AllowedCPUs', '[byte 0x03]', 'AllowedCPUs', 'ay', [3]],
    // what unit files call seconds
    ['TimeoutStopSec', '456', 'TimeoutStopUSec', 't', 456_000_000n],
    ['TimeoutStopSec', 'byte 234', 'TimeoutStopUSec', 't', 234_000_000n],
    ['TimeoutStopSec', 'uint64 234', 'TimeoutStopUSec', 't', 234_000_000n],
    ['TimeoutStopSec', 'int64 234', 'TimeoutStopUSec', 't', 234_000_000n],
    ['TimeoutStopSec', '234.789', 'TimeoutStopUSec', 't', 234_789_000n],
    ['TimeoutStopSec', '1.001', 'TimeoutStopUSec', 't', 1_001_000n],
    // no small letter before it: another word
    ['FOOSec', '123', 'FOOSec', 'i', 123],
    ['Sec', '123', 'Sec', 'i', 123],
  ] as const)('%s: %s', (annotation, text, name, signature, value) => {
    expect(one(annotation, text)).toEqual([{ name, signature, value }]);
  });

  test.each([
    ['Xo', '1'],
    ['Number1', '1'],
    ['a b c', '1'],
    ['', '1'],
    ['ValidName', 'invalid-value'],
    ['TimeoutStopSec', 'false'],
    ['TimeoutStopSec', "'covfefe'"],
    ['TimeoutStopSec', '-1'],
    ['TimeoutStopSec', 'inf'],
    ['TimeoutStopSec', 'nan'],
    ['TimeoutStopSec', 'uint64 18446744073709551615'],
  ])('refuses %s: %s', (name, text) => {
    const error = failureOf(() => one(name, text));
    if (!isRuntError(error, 'bundle-invalid')) throw error;
    expect(error.facts.findings).toMatchObject([
      { code: 'systemd-property', pointer: `/annotations/org.systemd.property.${name}` },
    ]);
  });

  test('every fault is told, by its place in the document', () => {
    const error = failureOf(() =>
      annotatedProperties({ 'org.systemd.property.a/b~': '1', 'org.systemd.property.Abc': '[' }),
    );
    if (!isRuntError(error, 'bundle-invalid')) throw error;
    expect(error.facts.findings.map(({ pointer }) => pointer)).toEqual([
      '/annotations/org.systemd.property.a~1b~0',
      '/annotations/org.systemd.property.Abc',
    ]);
    expect(renderError(error)).toContain('three or more letters after org.systemd.property.');
  });
});
