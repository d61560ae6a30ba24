/**
 * The images that clients run, made here: busybox with the usual applets, and a program that only waits.
 *
 * Each is an archive as `docker save` writes it, which every client reads.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRootfs } from '../support/bundle-builder.ts';

export interface Image {
  readonly name: string;
  /** A docker archive. */
  readonly archive: string;
}

export interface Images {
  /** `sh` and applets; user `user` has the id 1000. */
  readonly busybox: Image;
  /** For pods. */
  readonly pause: Image;
  /** The tree that is in the first one; to be copied, and not to be changed. */
  readonly root: string;
}

/** Makes archives in `folder`; `pause` is a static program. */
export function makeImages(folder: string, pause: string): Images {
  const root = join(folder, 'root');
  makeRootfs(root);
  return {
    root,
    busybox: makeImage(folder, 'busybox', ['sh'], makeRootfs),
    pause: makeImage(folder, 'pause', ['/pause'], (tree) => {
      mkdirSync(tree, { recursive: true });
      copyFileSync(pause, join(tree, 'pause'));
    }),
  };
}

function makeImage(
  folder: string,
  name: string,
  command: readonly string[],
  fill: (tree: string) => void,
): Image {
  const work = join(folder, `${name}.work`);
  const tree = join(work, 'tree');
  mkdirSync(tree, { recursive: true });
  fill(tree);
  const parts = join(work, 'parts');
  mkdirSync(parts);
  const layer = join(parts, 'layer');
  // an old time, and no names: the same image each time
  const plain = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0'];
  execFileSync('tar', ['-cf', layer, '-C', tree, ...plain, '.']);
  const layerId = digestOf(layer);
  renameSync(layer, join(parts, `${layerId}.tar`));
  const config = join(parts, 'config');
  const text = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin'], Cmd: command },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerId}`] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'made by a test' }],
  };
  writeFileSync(config, JSON.stringify(text));
  const configId = digestOf(config);
  renameSync(config, join(parts, `${configId}.json`));
  const reference = `runt.test/${name}:1`;
  const manifest = [
    { Config: `${configId}.json`, RepoTags: [reference], Layers: [`${layerId}.tar`] },
  ];
  writeFileSync(join(parts, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(folder, `${name}.tar`);
  execFileSync('tar', ['-cf', archive, '-C', parts, ...plain, '.']);
  rmSync(work, { recursive: true });
  return { name: reference, archive };
}

const digestOf = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');
