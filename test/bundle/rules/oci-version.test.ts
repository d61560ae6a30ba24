import { ociVersion } from '../../../src/bundle/rules/oci-version.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(ociVersion, {
  accepted: ['1.0.0', '1.0.2-dev', '1.1.0+dev', '1.2.1', '1.3.0', '1.3.7-rc.1+x'].map(
    (version) => ({ ociVersion: version }),
  ),
  refused: ['', '1', '1.0', 'v1.0.0', '01.0.0', '2.0.0', '0.1.0', '1.4.0', '1.10.0'].map(
    (version) => [{ ociVersion: version }, 'oci-version /ociVersion'] as const,
  ),
});
