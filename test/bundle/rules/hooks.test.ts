import { hooks } from '../../../src/bundle/rules/hooks.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(hooks, {
  accepted: [
    {},
    { hooks: {} },
    { hooks: { prestart: [{ path: '/a', timeout: 1 }], poststop: [{ path: '/b' }] } },
  ],
  refused: [
    [
      {
        hooks: {
          createRuntime: [{ path: 'a' }],
          startContainer: [{ path: '/a' }, { path: '', timeout: 0 }],
          poststart: [{ path: '/a', timeout: -1 }],
        },
      },
      'hook-path /hooks/createRuntime/0/path',
      'hook-path /hooks/startContainer/1/path',
      'hook-timeout /hooks/startContainer/1/timeout',
      'hook-timeout /hooks/poststart/0/timeout',
    ],
  ],
});
