/**
 * All clients, in the order in which they are run.
 */
import { buildah, buildah2, buildahUser, buildahUser2 } from './buildah.ts';
import type { Client } from './client.ts';
import { containerd, containerd2 } from './containerd.ts';
import { cri, cri2 } from './cri.ts';
import { docker, docker2 } from './docker.ts';
import { podman, podman2, podmanUser, podmanUser2 } from './podman.ts';

export const clients: readonly Client[] = [
  containerd,
  containerd2,
  cri,
  cri2,
  docker,
  docker2,
  podman,
  podman2,
  podmanUser,
  podmanUser2,
  buildah,
  buildah2,
  buildahUser,
  buildahUser2,
];
