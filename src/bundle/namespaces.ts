/**
 * Questions about the namespaces of a config that several rules ask.
 */
import type { Config, Namespace, NamespaceType } from './config.ts';

/** The entry of this type, new or joined; undefined when the container shares the runtime's. */
export function namespaceOf(config: Config, type: NamespaceType): Namespace | undefined {
  return config.linux?.namespaces?.find((namespace) => namespace.type === type);
}

export function hasNamespace(config: Config, type: NamespaceType): boolean {
  return namespaceOf(config, type) !== undefined;
}
