/** librunt, for the executable: linked in, and made an object by native/engine/node_api.c. */
export const loadAddon = (): unknown => Reflect.get(process, 'librunt');

export const addonPath = (): string => '/proc/self/exe';
