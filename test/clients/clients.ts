/**
 * All clients, in the order in which they are run.
 */
import { buildah } from './buildah.ts';
import type { Client } from './client.ts';
import { containerd, containerd2 } from './containerd.ts';
import { cri, cri2 } from './cri.ts';
import { docker } from './docker.ts';
import { podman } from './podman.ts';

export const clients: readonly Client[] = [
  containerd,
  containerd2,
  cri,
  cri2,
  docker,
  podman,
  buildah,
];
