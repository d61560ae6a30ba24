/**
 * linux.resources.blockIO: config-linux.md#block-io.
 *
 * Weights have two homes on either version: the BFQ scheduler's file, which keeps v1's scale, and a general one.
 */
import type { Resources, ThrottleDevice, WeightDevice } from '../../../bundle/config.ts';
import { ioWeight } from '../weights.ts';
import { digits, type LimitRule, type LimitTarget, type LimitWrite } from './rule.ts';

const blockIO = ({ blockIO: limits }: Resources) => limits ?? {};

const numbersOf = ({ major, minor }: { readonly major: number; readonly minor: number }): string =>
  `${digits(major)}:${digits(minor)}`;

function weight(
  value: number | undefined,
  file: string,
  or?: readonly [string, (weight: number) => number],
): readonly LimitWrite[] {
  if (value === undefined || value === 0) return [];
  const write = { file, value: digits(value) };
  return [or ? { ...write, or: { file: or[0], value: digits(or[1](value)) } } : write];
}

function deviceWeights(
  devices: readonly WeightDevice[] | undefined,
  pick: (device: WeightDevice) => number | undefined,
  file: string,
  or?: readonly [string, (weight: number) => number],
): readonly LimitWrite[] {
  return (devices ?? []).flatMap((device) =>
    weight(pick(device), file, or).map((write): LimitWrite => {
      const key = numbersOf(device);
      const { or: other } = write;
      return {
        ...write,
        value: `${key} ${write.value}`,
        ...(other && { or: { ...other, value: `${key} ${other.value}` } }),
        // BFQ and the general file both take a device's own weight back for 0 and `default`
        line: { key, reset: `${key} ${file.startsWith('io.') ? 'default' : '0'}` },
      };
    }),
  );
}

/** `[file or key, what it counts]`, by property. */
const throttles = {
  throttleReadBpsDevice: ['read_bps', 'rbps', 'IOReadBandwidthMax'],
  throttleWriteBpsDevice: ['write_bps', 'wbps', 'IOWriteBandwidthMax'],
  throttleReadIOPSDevice: ['read_iops', 'riops', 'IOReadIOPSMax'],
  throttleWriteIOPSDevice: ['write_iops', 'wiops', 'IOWriteIOPSMax'],
} as const;

type Throttle = keyof typeof throttles;

/** A rate of 0 takes a limit back. */
function throttleV1(
  devices: readonly ThrottleDevice[] | undefined,
  file: string,
): readonly LimitWrite[] {
  return (devices ?? []).map((device) => {
    const key = numbersOf(device);
    return { file, value: `${key} ${digits(device.rate)}`, line: { key, reset: `${key} 0` } };
  });
}

function throttleV2(
  devices: readonly ThrottleDevice[] | undefined,
  name: string,
): readonly LimitWrite[] {
  return (devices ?? []).map((device) => {
    const key = numbersOf(device);
    const rate = device.rate === 0 ? 'max' : digits(device.rate);
    const line = { key, reset: `${key} ${name}=max` };
    return { file: 'io.max', value: `${key} ${name}=${rate}`, line };
  });
}

function throttleRule(property: Throttle): LimitRule {
  const [v1, v2] = throttles[property];
  const file = `blkio.throttle.${v1}_device`;
  const unit = property.includes('Bps') ? 'bytes' : 'operations';
  const target = (name: string, value: string, writes: LimitTarget['writes']): LimitTarget => ({
    file: name,
    value,
    writes,
  });
  return {
    property: `blockIO.${property}`,
    controller: blockController,
    asked: (resources) => (blockIO(resources)[property]?.length ?? 0) > 0,
    v1: target(file, `\`M:m RATE\`, ${unit} a second`, (r) =>
      throttleV1(blockIO(r)[property], file),
    ),
    v2: target('io.max', `\`M:m ${v2}=RATE\`, ${unit} a second`, (r) =>
      throttleV2(blockIO(r)[property], v2),
    ),
  };
}

const blockController = { v1: 'blkio', v2: 'io' } as const;

const bfqWeight = 'the weight; where BFQ has no file, `blkio.weight`';

export const blockIoRules: readonly LimitRule[] = [
  {
    property: 'blockIO.weight',
    controller: blockController,
    asked: (resources) => (blockIO(resources).weight ?? 0) > 0,
    v1: {
      file: 'blkio.bfq.weight',
      value: bfqWeight,
      writes: (r) =>
        weight(blockIO(r).weight, 'blkio.bfq.weight', ['blkio.weight', (same) => same]),
    },
    v2: {
      file: 'io.bfq.weight',
      value: 'the weight; where BFQ has no file, `io.weight` on its scale',
      writes: (r) => weight(blockIO(r).weight, 'io.bfq.weight', ['io.weight', ioWeight]),
    },
    unitV1: [{ name: 'BlockIOWeight', signature: 't', value: unitWeight((same) => same) }],
    unitV2: [{ name: 'IOWeight', signature: 't', value: unitWeight(ioWeight) }],
  },
  {
    property: 'blockIO.leafWeight',
    controller: blockController,
    asked: (resources) => (blockIO(resources).leafWeight ?? 0) > 0,
    v1: {
      file: 'blkio.leaf_weight',
      value: 'the weight',
      writes: (r) => weight(blockIO(r).leafWeight, 'blkio.leaf_weight'),
    },
  },
  {
    property: 'blockIO.weightDevice',
    controller: blockController,
    asked: (resources) => (blockIO(resources).weightDevice ?? []).some((device) => device.weight),
    v1: {
      file: 'blkio.bfq.weight_device',
      value: '`M:m WEIGHT`; where BFQ has no file, `blkio.weight_device`',
      writes: (r) =>
        deviceWeights(blockIO(r).weightDevice, (d) => d.weight, 'blkio.bfq.weight_device', [
          'blkio.weight_device',
          (same) => same,
        ]),
    },
    v2: {
      file: 'io.bfq.weight',
      value: '`M:m WEIGHT`; where BFQ has no file, `io.weight` on its scale',
      writes: (r) =>
        deviceWeights(blockIO(r).weightDevice, (d) => d.weight, 'io.bfq.weight', [
          'io.weight',
          ioWeight,
        ]),
    },
  },
  {
    property: 'blockIO.weightDevice.leafWeight',
    controller: blockController,
    asked: (r) => (blockIO(r).weightDevice ?? []).some((device) => device.leafWeight),
    v1: {
      file: 'blkio.leaf_weight_device',
      value: '`M:m WEIGHT`',
      writes: (r) =>
        deviceWeights(blockIO(r).weightDevice, (d) => d.leafWeight, 'blkio.leaf_weight_device'),
    },
  },
  throttleRule('throttleReadBpsDevice'),
  throttleRule('throttleWriteBpsDevice'),
  throttleRule('throttleReadIOPSDevice'),
  throttleRule('throttleWriteIOPSDevice'),
];

function unitWeight(scale: (weight: number) => number) {
  return (resources: Resources): bigint | undefined => {
    const value = blockIO(resources).weight ?? 0;
    return value === 0 ? undefined : BigInt(scale(value));
  };
}
