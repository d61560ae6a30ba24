/**
 * Libraries of the system, through koffi: the only file that imports it, and it is loaded only when asked for.
 */
import type koffi from 'koffi';

export interface SystemLibrary {
  readonly ffi: typeof koffi;
  readonly library: ReturnType<typeof koffi.load>;
}

/** By the name that the loader looks for; null is the program itself, with its C library. Throws where there is no such library. */
export async function systemLibrary(name: string | null): Promise<SystemLibrary> {
  const { default: ffi } = await import('koffi');
  return { ffi, library: ffi.load(name) };
}
