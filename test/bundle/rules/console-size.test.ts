import { consoleSize } from '../../../src/bundle/rules/console-size.ts';
import { processRuleTable } from '../rule-table.ts';

processRuleTable(consoleSize, {
  accepted: [
    { consoleSize: { height: 70000, width: 1 } },
    { terminal: false, consoleSize: { height: 70000, width: 1 } },
    { terminal: true },
    { terminal: true, consoleSize: { height: 65535, width: 0 } },
  ],
  refused: [
    [
      { terminal: true, consoleSize: { height: 65536, width: 65536 } },
      'console-size /consoleSize/height',
      'console-size /consoleSize/width',
    ],
  ],
});
