/**
 * Relative paths become absolute once, here, against the caller's working directory.
 *
 * `..` stays: folding it away by text would follow another road than the kernel's where the folder
 * before it is a symbolic link.
 */

export function absolutePath(path: string, cwd: () => string): string {
  const whole = path.startsWith('/') ? path : `${cwd()}/${path}`;
  const parts = whole.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}
