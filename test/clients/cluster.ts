/**
 * A cluster of one node: what kubectl asks for, done by a kubelet.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Ground } from './ground.ts';
import type { Container, Kubelet, Pod } from './kubelet.ts';

export interface Cluster {
  /** What a line with kubectl does; undefined for any other line. */
  readonly kubectl: (line: string, cwd: string) => (() => Promise<string>) | undefined;
}

/** Strict: a line of a manifest that nobody here would heed is an error. */
const manifest = z.discriminatedUnion('kind', [
  z.strictObject({
    apiVersion: z.literal('node.k8s.io/v1'),
    kind: z.literal('RuntimeClass'),
    metadata: z.strictObject({ name: z.string() }),
    handler: z.string(),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Pod'),
    metadata: z.strictObject({ name: z.string() }),
    spec: z.strictObject({
      runtimeClassName: z.string(),
      containers: z.array(
        z.strictObject({
          name: z.string(),
          image: z.string(),
          command: z.array(z.string()),
        }),
      ),
    }),
  }),
]);

interface Running {
  readonly pod: Pod;
  readonly container: Container;
}

export function clusterOf(ground: Ground, node: Kubelet): Cluster {
  const classes = new Map<string, string>();
  const pods = new Map<string, Running>();

  const runPod = async (
    name: string,
    handler: string,
    image: string,
    command: readonly string[],
  ): Promise<void> => {
    const pod = await node.pod({ handler });
    pods.set(name, { pod, container: await pod.run(command, { image: { image } }) });
  };
  const found = (name: string): Running => {
    const running = pods.get(name);
    if (running === undefined) throw new Error(`no pod ${name}`);
    return running;
  };
  const removePod = async (name: string): Promise<void> => {
    await found(name).pod.remove();
    pods.delete(name);
  };
  const read = (cwd: string, file: string): z.infer<typeof manifest> =>
    manifest.parse(Bun.YAML.parse(readFileSync(join(cwd, file), 'utf8')));

  async function apply(cwd: string, file: string): Promise<void> {
    const wanted = read(cwd, file);
    if (wanted.kind === 'RuntimeClass') classes.set(wanted.metadata.name, wanted.handler);
    else {
      const { containers, runtimeClassName } = wanted.spec;
      const handler = classes.get(runtimeClassName);
      if (handler === undefined) throw new Error(`no RuntimeClass ${runtimeClassName}`);
      const [one] = containers;
      if (one === undefined || containers.length > 1) throw new Error('one container, please');
      await runPod(wanted.metadata.name, handler, one.image, one.command);
    }
  }
  async function remove(cwd: string, file: string): Promise<void> {
    const { kind, metadata } = read(cwd, file);
    if (kind === 'Pod') await removePod(metadata.name);
    else classes.delete(metadata.name);
  }
  async function logs(name: string): Promise<string> {
    const { container } = found(name);
    await ground.until('a line of the log', () => container.log().some((line) => line !== ''));
    return container
      .log()
      .map((line) => `${line.replace(/^std(out|err) /, '')}\n`)
      .join('');
  }

  return {
    kubectl(line, cwd) {
      const [program, verb, first = '', second = '', third = '', ...rest] = line.split(' ');
      if (program !== 'kubectl') return undefined;
      return async () => {
        if (verb === 'apply' && first === '-f') await apply(cwd, second);
        else if (verb === 'delete' && first === '-f') await remove(cwd, second);
        else if (verb === 'delete' && first === 'pod') await removePod(second);
        else if (verb === 'logs') return await logs(first);
        else if (verb === 'exec' && second === '--')
          return (await found(first).container.exec(third, ...rest)).stdout;
        else if (verb === 'run' && second.startsWith('--image=') && third === '--')
          await runPod(first, '', second.slice('--image='.length), rest);
        else throw new Error(`nobody here can do this: ${line}`);
        return '';
      };
    },
  };
}
