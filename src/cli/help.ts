/**
 * Help in runc's form: programs look at its first two lines to learn whether a command exists.
 */
import type { Command } from './command.ts';
import { commandTable, ownWords } from './command-table.ts';
import type { CommandName } from './command-table.ts';
import { globalOptions, inheritedOptions } from './global-options.ts';
import { longName } from './option.ts';
import type { Option, OptionTable } from './option.ts';

const indent = '   ';

export function programHelp(program: string): string {
  const commands = Object.entries(commandTable).map(([name, { summary }]) => [name, summary]);
  return page([
    ['NAME', `${program} - Open Container Initiative runtime`],
    ['USAGE', `${program} [global options] command [command options] [arguments...]`],
    ['COMMANDS', columns([...commands, ...Object.entries(ownWords)])],
    ['GLOBAL OPTIONS', columns(optionRows(globalOptions))],
  ]);
}

export function commandHelp(program: string, name: CommandName, command: Command): string {
  const options = optionRows({ ...command.options, help: globalOptions.help });
  return page([
    ['NAME', `${program} ${name} - ${commandTable[name].summary}`],
    ['USAGE', `${program} ${name} [command options] ${command.usage}`.trimEnd()],
    ['DESCRIPTION', command.description],
    ['OPTIONS', columns(options)],
    ['GLOBAL OPTIONS', columns(optionRows(inheritedOptions))],
  ]);
}

export function entryHelp(
  program: string,
  entry: {
    readonly name: string;
    readonly summary: string;
    readonly usage: string;
    readonly description: string;
  },
): string {
  return page([
    ['NAME', `${program} ${entry.name} - ${entry.summary}`],
    ['USAGE', `${program} ${entry.name} ${entry.usage}`],
    ['DESCRIPTION', entry.description],
  ]);
}

function page(chapters: readonly (readonly [title: string, text: string])[]): string {
  return chapters
    .map(([title, text]) => `${title}:\n${indent}${text.replaceAll('\n', `\n${indent}`)}\n`)
    .join('\n');
}

function optionRows(table: OptionTable): string[][] {
  return Object.entries(table)
    .filter(([, option]) => option.hidden !== true)
    .map(([key, option]) => [spellings(key, option), option.about]);
}

function spellings(key: string, { short, value }: Option<unknown>): string {
  const names = short === undefined ? [`--${longName(key)}`] : [`--${longName(key)}`, `-${short}`];
  return names.map((name) => (value === undefined ? name : `${name} ${value}`)).join(', ');
}

function columns(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([left = '']) => left.length)) + 2;
  return rows.map(([left = '', right = '']) => left.padEnd(width) + right).join('\n');
}
