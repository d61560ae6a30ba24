/**
 * `create`: makes the container; its init then waits for `start`, and belongs to whoever reaps it.
 */
import { checkConsole } from './console.ts';
import { acceptBundle } from './accept-bundle.ts';
import { makeContainer } from './container.ts';
import type { Ports } from './ports.ts';
import type { CreateRequest } from './requests.ts';

export async function create(ports: Ports, request: CreateRequest): Promise<void> {
  const bundle = await acceptBundle(ports, request.bundle);
  checkConsole(bundle.config.process?.terminal ?? false, true, request.consoleSocket);
  const { init, held, interfaces } = await makeContainer(ports, bundle, request, {
    waitsForStart: true,
  });
  ports.kernel.close(init.channel);
  ports.kernel.leave({ ...init, keepsStatus: true });
  interfaces.close();
  held.release();
}
