/**
 * Scripts that make shells complete commands, options, values and container ids.
 *
 * All but the ids stands in the script, so that a keystroke starts runt only where ids are asked for.
 */
import {
  firstCandidates,
  loadReference,
  spellingsOf,
  valueCandidates,
  type Candidates,
  type CommandEntry,
  type OptionEntry,
  type Reference,
  type Shell,
} from './reference.ts';

export async function completionScript(shell: Shell, program: string): Promise<string> {
  const reference = await loadReference();
  const make = { bash, zsh, fish }[shell];
  return make(reference, program);
}

const functionName = (program: string): string => `_${program.replaceAll(/\W/g, '_')}`;
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const takesValue = ({ value }: OptionEntry): boolean => value !== undefined;
const patternOf = (options: readonly OptionEntry[]): string =>
  options.flatMap(spellingsOf).join('|');

function bash({ options, commands }: Reference, program: string): string {
  const name = functionName(program);
  const ids = `"$program" "\${root[@]}" list -q 2>/dev/null`;
  const reply = (candidates: Candidates): string => {
    switch (candidates.kind) {
      case 'words':
        return `COMPREPLY=($(compgen -W ${quoted(candidates.words.join(' '))} -- "$current"))`;
      case 'files':
        return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$current"))';
      case 'folders':
        return 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$current"))';
      case 'containers':
        return `COMPREPLY=($(compgen -W "$(${ids})" -- "$current"))`;
      case 'commands':
        return `COMPREPLY=($(compgen -W "$commands" -- "$current"))`;
      case 'anything':
        return ':';
    }
  };
  const values = (command: string, table: readonly OptionEntry[]) =>
    table
      .filter(takesValue)
      .flatMap((option) =>
        spellingsOf(option).map(
          (word) => `    ${command}:${word}) ${reply(valueCandidates(option))}; return ;;`,
        ),
      );
  const withValue = (table: readonly OptionEntry[]) => patternOf(table.filter(takesValue)) || '--';
  return `# bash completion for ${program}
${name}() {
  local program=\${COMP_WORDS[0]} current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local command= position=0 i root=()
  local commands=${quoted(commands.map((command) => command.name).join(' '))}
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case $command:\${COMP_WORDS[i]} in
      :--root) root=(--root "\${COMP_WORDS[i + 1]}"); ((i++)) ;;
      ${withValue(options)
        .split('|')
        .map((word) => `:${word}`)
        .join('|')}) ((i++)) ;;
${commands
  .flatMap((command) =>
    command.options.some(takesValue)
      ? [
          `      ${patternOf(command.options.filter(takesValue))
            .split('|')
            .map((word) => `${command.name}:${word}`)
            .join('|')}) ((i++)) ;;`,
        ]
      : [],
  )
  .join('\n')}
      *:-*) ;;
      :*) command=\${COMP_WORDS[i]} ;;
      *) ((position++)) ;;
    esac
  done
  case $command:$before in
${[...values('', options), ...commands.flatMap((command) => values(command.name, command.options))].join('\n')}
  esac
  if [[ $current == -* && $position == 0 ]]; then
    case $command in
      '') COMPREPLY=($(compgen -W ${quoted(options.flatMap(spellingsOf).join(' '))} -- "$current")) ;;
${commands.map((command) => `      ${command.name}) COMPREPLY=($(compgen -W ${quoted(command.options.flatMap(spellingsOf).join(' '))} -- "$current")) ;;`).join('\n')}
    esac
    return
  fi
  case $command:$position in
    :0) ${reply({ kind: 'commands' })} ;;
${commands.map((command) => `    ${command.name}:0) ${reply(firstCandidates(command))} ;;`).join('\n')}
  esac
}
complete -F ${name} ${program}
`;
}

function zsh({ options, commands }: Reference, program: string): string {
  const name = functionName(program);
  const text = (words: string) => words.replaceAll(/[[\]:\\]/g, (letter) => `\\${letter}`);
  const action = (candidates: Candidates): string => {
    switch (candidates.kind) {
      case 'words':
        return `(${candidates.words.join(' ')})`;
      case 'files':
        return '_files';
      case 'folders':
        return '_files -/';
      case 'containers':
        return `${name}_containers`;
      case 'commands':
        return `${name}_commands`;
      case 'anything':
        return ' ';
    }
  };
  const specs = (table: readonly OptionEntry[]): string[] =>
    table.flatMap((option) =>
      spellingsOf(option).map((word) => {
        const value = takesValue(option)
          ? `:${text(option.value ?? '')}:${action(valueCandidates(option))}`
          : '';
        return quoted(`*${word}[${text(option.about)}]${value}`);
      }),
    );
  const ofCommand = (command: CommandEntry): string => {
    const rest = [
      quoted(`1:argument:${action(firstCandidates(command))}`),
      quoted('*::argument:_default'),
    ];
    return `    ${command.name}) _arguments ${[...specs(command.options), ...rest].join(' ')} ;;`;
  };
  return `#compdef ${program}
${name}_containers() {
  local -a ids root
  (( \${+opt_args[--root]} )) && root=(--root "\${opt_args[--root]}")
  ids=(\${(f)"$(_call_program containers ${program} $root list -q 2>/dev/null)"})
  _describe 'container' ids
}
${name}_commands() {
  local -a commands
  commands=(
${commands.map((command) => `    ${quoted(`${command.name}:${command.summary}`)}`).join('\n')}
  )
  _describe 'command' commands
}
${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C ${specs(options).join(' ')} '1:command:${name}_commands' '*::argument:->arguments'
  [[ $state == arguments ]] || return
  case $line[1] in
${commands.map(ofCommand).join('\n')}
  esac
}
if [[ $funcstack[1] == ${name} ]]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;
}

function fish({ options, commands }: Reference, program: string): string {
  const name = functionName(program).slice(1);
  const value = (candidates: Candidates): string => {
    switch (candidates.kind) {
      case 'words':
        return ` -xa ${quoted(candidates.words.join(' '))}`;
      case 'files':
        return ' -rF';
      case 'folders':
        return ` -xa '(__fish_complete_directories)'`;
      case 'containers':
      case 'commands':
      case 'anything':
        return ' -x';
    }
  };
  const option = (condition: string) => (entry: OptionEntry) =>
    [
      `complete -c ${program} -n ${quoted(condition)} -l ${entry.name}`,
      entry.short === undefined ? '' : ` -s ${entry.short}`,
      takesValue(entry) ? value(valueCandidates(entry)) : '',
      ` -d ${quoted(entry.about)}`,
    ].join('');
  const first = (candidates: Candidates): string => {
    switch (candidates.kind) {
      case 'words':
        return quoted(candidates.words.join(' '));
      case 'containers':
        return `'(__${name}_containers)'`;
      case 'folders':
        return `'(__fish_complete_directories)'`;
      case 'commands':
        return quoted(commands.map((command) => command.name).join(' '));
      case 'files':
      case 'anything':
        return '';
    }
  };
  const none = '__fish_use_subcommand';
  const lines = commands.flatMap((command) => {
    const seen = `__fish_seen_subcommand_from ${command.name}`;
    const words = first(firstCandidates(command));
    return [
      `complete -c ${program} -n ${none} -a ${command.name} -d ${quoted(command.summary)}`,
      ...(words === '' ? [] : [`complete -c ${program} -n ${quoted(seen)} -a ${words}`]),
      ...command.options.map(option(seen)),
    ];
  });
  return `# fish completion for ${program}
function __${name}_containers
  set -l words (commandline -opc)
  set -l root
  if set -l at (contains -i -- --root $words)
    set root --root $words[(math $at + 1)]
  end
  ${program} $root list -q 2>/dev/null
end
complete -c ${program} -f
${[...options.map(option(none)), ...lines].join('\n')}
`;
}
