/**
 * Libraries of the system, through koffi: the only file that imports it, and it is loaded only when asked for.
 */

/** `seccomp_version()` of libseccomp: `2.5.4`; undefined where there is no such library. */
export async function libseccompVersion(): Promise<string | undefined> {
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load('libseccomp.so.2');
    const version = koffi.struct({ major: 'uint', minor: 'uint', micro: 'uint' });
    const call = library.func('seccomp_version', koffi.pointer(version), []);
    const found: unknown = koffi.decode(call(), version);
    const part = (name: string): string =>
      typeof found === 'object' && found !== null ? String(Reflect.get(found, name)) : '?';
    return `${part('major')}.${part('minor')}.${part('micro')}`;
  } catch {
    return undefined;
  }
}
