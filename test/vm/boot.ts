/**
 * Boots a machine under qemu, passes on what its command prints, and ends it by its pid.
 *
 * Every wait has a deadline of its own, and the message says which one passed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';
import type { Machine } from './machines.ts';
import { markerReader } from './marker.ts';
import type { RootImage } from './root-image.ts';

export interface Deadlines {
  /** Seconds from the start to the command's. */
  readonly boot: number;
  /** Seconds without any output. */
  readonly idle: number;
  /** Seconds from the start to the command's end. */
  readonly total: number;
}

export interface BootRequest {
  readonly machine: Machine;
  readonly image: RootImage;
  /** The project's disk. */
  readonly project: string;
  /** A folder for the console's file. */
  readonly folder: string;
  readonly word: string;
  readonly interactive: boolean;
  readonly deadlines: Deadlines;
  readonly output: (text: string) => void;
}

export interface Ended {
  /** The command's exit status; undefined when it did not come to its end. */
  readonly status?: number;
  /** What went wrong with the machine itself. */
  readonly fault?: string;
  /** The machine was gone before anybody ended it: it never came up, or its kernel gave up. */
  readonly wentOff?: true;
  readonly bootSeconds?: number;
  readonly seconds: number;
}

export function boot(request: BootRequest): Promise<Ended> {
  const { deadlines, word, folder, interactive } = request;
  const consoleFile = join(folder, 'console');
  const began = Date.now();
  const since = (): number => Math.round((Date.now() - began) / 1000);
  return new Promise((resolve) => {
    const qemu = spawn('qemu-system-x86_64', qemuWords(request, consoleFile), {
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    });
    const kill = atEnd(() => qemu.kill('SIGKILL'));
    let bootSeconds: number | undefined;
    let complaint = '';
    let result: Omit<Ended, 'seconds'> | undefined;
    let idle: NodeJS.Timeout | undefined;

    const end = (how: Omit<Ended, 'seconds'>): void => {
      result ??= { ...how, ...(bootSeconds !== undefined && { bootSeconds }) };
      kill();
    };
    const give = (which: keyof Deadlines, what: string): NodeJS.Timeout =>
      setTimeout(() => {
        const fault = `${what} within ${deadlines[which]} seconds (${which} deadline)`;
        end({ fault: `${fault}${tail(consoleFile, bootSeconds === undefined)}` });
      }, deadlines[which] * 1000);
    const total = give('total', 'the command did not end');
    let booting: NodeJS.Timeout | undefined = give('boot', 'the machine did not come up');
    const heard = (): void => {
      clearTimeout(idle);
      idle = interactive || bootSeconds === undefined ? undefined : give('idle', 'no output came');
    };

    // what is said before is systemd's, to the terminal
    const pass = (text: string): void => {
      if (bootSeconds !== undefined) request.output(text);
    };
    const read = markerReader(word, pass, (line) => {
      if (line === 'ready') {
        bootSeconds = since();
        clearTimeout(booting);
        booting = undefined;
      }
      const [, status] = /^exit (\d+)$/.exec(line) ?? [];
      if (status !== undefined) end({ status: Number(status) });
    });
    qemu.stdout.setEncoding('utf8').on('data', (text: string) => {
      read(text);
      heard();
    });
    qemu.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    qemu.once('error', (error) => end({ fault: `qemu could not be started: ${error.message}` }));
    qemu.once('close', () => {
      kill();
      for (const timer of [total, booting, idle]) clearTimeout(timer);
      const fault = `the machine went off by itself${tail(consoleFile, true)}${complaint && `\n${complaint}`}`;
      resolve({ ...(result ?? { fault, wentOff: true }), seconds: since() });
    });
  });
}

function qemuWords({ machine, image, project }: BootRequest, consoleFile: string): string[] {
  const kernel = [
    'root=/dev/vda rw console=ttyS0 panic=-1 systemd.getty_auto=no',
    // an emulated processor leaks nothing, and guarding it takes a quarter of its time
    'mitigations=off audit=0',
    ...machine.kernel,
  ];
  const disk = 'if=virtio,format=raw,cache=unsafe';
  const words = [
    '-accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 3G',
    '-nodefaults -no-reboot -display none -nic none',
    '-device virtio-serial-pci -chardev stdio,id=output,signal=off -device virtconsole,chardev=output',
    '-device virtio-rng-pci',
  ];
  return [
    ...words.join(' ').split(' '),
    '-serial',
    `file:${consoleFile}`,
    // what is written to the kept image goes to a file of qemu's own, which has no name
    '-drive',
    `file=${image.disk},snapshot=on,${disk}`,
    '-drive',
    `file=${project},${disk}`,
    '-kernel',
    image.kernel,
    '-initrd',
    image.initrd,
    '-append',
    kernel.join(' '),
  ];
}

/** The kernel's last words, when they are likely to explain. */
function tail(file: string, wanted: boolean): string {
  if (!wanted) return '';
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15);
    return `; its console ends with:\n${lines.map((line) => `  ${line.trimEnd()}`).join('\n')}`;
  } catch {
    return '';
  }
}
