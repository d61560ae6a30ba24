/**
 * Where a service manager can be reached, best first.
 */

export interface ManagerAddress {
  readonly address: string;
  /** A message bus is there, with the manager behind it. */
  readonly isBus: boolean;
}

export type CallerEnvironment = Readonly<Record<string, string | undefined>>;

export function managerAddresses(user: boolean, env: CallerEnvironment): readonly ManagerAddress[] {
  if (!user) {
    const bus = env['DBUS_SYSTEM_BUS_ADDRESS'] ?? 'unix:path=/run/dbus/system_bus_socket';
    // its own socket is root's alone, needs no message bus, and is there before one
    return [
      { address: 'unix:path=/run/systemd/private', isBus: false },
      { address: bus, isBus: true },
    ];
  }
  const bus = env['DBUS_SESSION_BUS_ADDRESS'] ?? '';
  if (bus !== '') return [{ address: bus, isBus: true }];
  const folder = env['XDG_RUNTIME_DIR'] ?? '';
  if (folder === '') return [];
  return [
    { address: unixAddress(`${folder}/bus`), isBus: true },
    { address: unixAddress(`${folder}/systemd/private`), isBus: false },
  ];
}

/** Bytes that mean something in an address, and all that are no ASCII, are written as %xx. */
function unixAddress(path: string): string {
  const escaped = encodeURIComponent(path)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `unix:path=${escaped}`;
}
