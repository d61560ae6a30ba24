import { expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

const features = { ociVersionMin: '1.0.0', ociVersionMax: '1.3.0', hooks: ['prestart'] };

it('prints JSON as runc does', async () => {
  const { stdout, status, calls } = await cli(['features'], { features });
  expect(stdout).toBe(`{
    "ociVersionMin": "1.0.0",
    "ociVersionMax": "1.3.0",
    "hooks": [
        "prestart"
    ]
}
`);
  expect({ status, calls }).toEqual({
    status: 0,
    calls: [{ method: 'features', argument: undefined }],
  });
});

it('takes no argument', async () => {
  const { message, status } = await cli(['features', 'x']);
  expect({ message, status }).toEqual({
    message: '/usr/local/bin/runt: "features" requires exactly 0 argument(s)',
    status: 1,
  });
});

it('has help', async () => {
  const { stdout } = await cli(['features', '-h']);
  expect(stdout).toContain('\n   runt features - show the enabled features\n');
});
