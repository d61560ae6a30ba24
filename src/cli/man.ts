/**
 * Manual pages, from the same records as the help: runt(8) and one page for each command.
 */
import {
  loadReference,
  spellingsOf,
  type CommandEntry,
  type OptionEntry,
  type Reference,
} from './reference.ts';

export interface ManPage {
  /** Such as `runt-create.8`. */
  readonly file: string;
  readonly text: string;
}

export async function manPages(program: string, version: string): Promise<readonly ManPage[]> {
  const reference = await loadReference();
  return [
    { file: `${program}.8`, text: programPage(program, version, reference) },
    ...reference.commands.map((command) => ({
      file: `${program}-${command.name}.8`,
      text: commandPage(program, version, command),
    })),
  ];
}

/** What roff would read as its own: backslashes, and a control character at the beginning of a line. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll(/^(?=[.'])/gm, String.raw`\&`);

const heading = (name: string, program: string, version: string): string =>
  `.TH ${name.toUpperCase().replaceAll('-', String.raw`\-`)} 8 "" "${program} ${version}" "System Administration"\n`;

function optionList(options: readonly OptionEntry[]): string {
  return options
    .map((option) => {
      const names = spellingsOf(option)
        .map((word) => String.raw`\fB${escaped(word)}\fR`)
        .join(', ');
      const value = option.value === undefined ? '' : String.raw` \fI${escaped(option.value)}\fR`;
      return `.TP\n${names}${value}\n${escaped(option.about)}\n`;
    })
    .join('');
}

function commandPage(program: string, version: string, command: CommandEntry): string {
  const { name, summary, usage, description, options } = command;
  const synopsis = `${String.raw`\fB`}${program} ${name}${String.raw`\fR`} [options] ${escaped(usage)}`;
  return [
    heading(`${program}-${name}`, program, version),
    `.SH NAME\n${program}\\-${name} \\- ${escaped(summary)}\n`,
    `.SH SYNOPSIS\n${synopsis.trimEnd()}\n`,
    `.SH DESCRIPTION\n${escaped(description)}\n`,
    options.length === 0 ? '' : `.SH OPTIONS\n${optionList(options)}`,
    `.SH SEE ALSO\n.BR ${program} (8)\n`,
  ].join('');
}

function programPage(program: string, version: string, { options, commands }: Reference): string {
  const list = commands
    .map(({ name, summary }) => `.TP\n.BR ${program}\\-${name} (8)\n${escaped(summary)}\n`)
    .join('');
  return [
    heading(program, program, version),
    `.SH NAME\n${program} \\- Open Container Initiative runtime\n`,
    `.SH SYNOPSIS\n\\fB${program}\\fR [global options] command [command options] [arguments...]\n`,
    '.SH DESCRIPTION\n',
    escaped(
      `${program} makes and runs containers from bundles, folders with a config.json and a root file system, as the\nspecification of the Open Container Initiative describes them. Its command line is runc's.\n`,
    ),
    `.SH COMMANDS\n${list}`,
    `.SH GLOBAL OPTIONS\n${optionList(options)}`,
    '.SH EXIT STATUS\n',
    escaped(
      "run and exec in the foreground answer with the status of the container's process, or 128 and the number of the\nsignal that ended it. What exec itself cannot do is 255; any other failure is 1.\n",
    ),
  ].join('');
}
