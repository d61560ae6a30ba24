/**
 * The record's format, in zod. The build compiles it (scripts/generate-state.ts) into plain code: a command that only
 * reads a record should not load a validator library for it.
 */
import * as z from 'zod/mini';
import type { ContainerDetails, ContainerOutline } from './record.ts';

const cgroupVersion = z.literal([1, 2]);

export const outlineSchema: z.ZodMiniType<ContainerOutline> = z.object({
  version: z.number(),
  id: z.string(),
  ociVersion: z.string(),
  phase: z.enum(['creating', 'created']),
  bundle: z.string(),
  rootfs: z.string(),
  created: z.string(),
  owner: z.number(),
  annotations: z.exactOptional(z.record(z.string(), z.string())),
  init: z.exactOptional(z.object({ pid: z.int32(), startTime: z.number() })),
  freezer: z.exactOptional(z.object({ version: cgroupVersion, path: z.string() })),
});

export const detailsSchema: z.ZodMiniType<ContainerDetails> = z.object({
  cgroup: z.object({
    mode: z.enum(['v1', 'hybrid', 'v2']),
    directories: z.array(
      z.object({
        version: cgroupVersion,
        controllers: z.array(z.string()),
        mountpoint: z.string(),
        path: z.string(),
      }),
    ),
    unit: z.exactOptional(z.object({ name: z.string(), slice: z.string(), user: z.boolean() })),
  }),
  intelRdt: z.exactOptional(
    z.object({
      group: z.string(),
      monitoring: z.exactOptional(z.string()),
      groupEnds: z.enum(['with-container', 'unless-made', 'never']),
    }),
  ),
  sharesPids: z.boolean(),
  hooks: z.object({ poststart: z.boolean(), poststop: z.boolean() }),
  afterStart: z.object({
    first: z.number(),
    labels: z.array(
      z.object({
        origin: z.string(),
        doing: z.string(),
        explain: z.record(z.string(), z.string()),
        name: z.exactOptional(z.string()),
      }),
    ),
  }),
});
