/**
 * A service over gRPC on a Unix socket: calls by name, by a description in ./proto.
 */
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { join } from 'node:path';
import { stretched } from '../support/patience.ts';

/** Of each call what goes in and what comes out. */
type Calls = Readonly<Record<string, readonly [request: object, response: object]>>;

export interface Service<C extends Calls> {
  readonly call: <M extends keyof C & string>(method: M, request: C[M][0]) => Promise<C[M][1]>;
  readonly close: () => void;
}

export interface ServiceAddress {
  readonly socket: string;
  /** A file's name in ./proto. */
  readonly proto: string;
  /** With its package. */
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const callSeconds = 60;

export function openService<C extends Calls>(address: ServiceAddress): Service<C> {
  const { socket, proto, name, headers = {} } = address;
  const found = loadSync(join(import.meta.dirname, 'proto', proto), {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
  })[name];
  // a message's description has a format
  if (found === undefined || 'format' in found) throw new Error(`${proto} has no service ${name}`);
  const methods = found;
  const client = new Client(`unix://${socket}`, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return {
    call: (method, request) =>
      new Promise((resolve, reject) => {
        const definition = methods[method];
        if (definition === undefined) throw new Error(`${name} has no method ${method}`);
        const { path, requestSerialize, responseDeserialize } = definition;
        const deadline = Date.now() + stretched(callSeconds * 1000);
        client.makeUnaryRequest<object, C[typeof method][1]>(
          path,
          requestSerialize,
          // what a description makes of bytes has the types that this service's calls are said to have
          (bytes) => Object.assign(Object.create(null), responseDeserialize(bytes)),
          request,
          metadata,
          { deadline },
          (error, response) => {
            if (error !== null) reject(new Error(`${method}: ${error.details}`));
            else if (response !== undefined) resolve(response);
          },
        );
      }),
    close: () => client.close(),
  };
}
