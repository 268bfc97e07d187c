/** What shells are to complete: commands, their options, the values of those that are a choice, and names of the standard library. */
export interface Completions {
  readonly commands: readonly CompletedCommand[];
  /** `std/focal`. */
  readonly standard: readonly string[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
}

interface CompletedOption {
  /** `--format`. */
  readonly flag: string;
  readonly says: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that teaches a shell to complete calls of lossc. Everything is in it: completing starts no process. */
export const completionScript = (shell: Shell, completions: Completions): string =>
  SCRIPTS[shell](completions);

const SCRIPTS: { readonly [K in Shell]: (completions: Completions) => string } = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** As one word of a shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const joined = (words: readonly string[]): string => quoted(words.join(' '));

interface Choice {
  readonly command: string;
  readonly option: CompletedOption;
}

const choicesOf = ({ commands }: Completions): readonly Choice[] =>
  commands.flatMap(({ name, options }) =>
    options.filter(({ choices }) => choices.length > 0).map((option) => ({ command: name, option })),
  );

function bashScript(completions: Completions): string {
  const { commands, standard } = completions;
  const choices = choicesOf(completions).map(
    ({ command, option }) => `    '${command} ${option.flag}') words=${joined(option.choices)} ;;`,
  );
  const options = commands.map(
    ({ name, options: all }) => `        ${name}) words=${joined(all.map(({ flag }) => flag))} ;;`,
  );
  return `# Completion of lossc for bash: put \`source <(lossc completion bash)\` into ~/.bashrc
_lossc() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${joined(commands.map(({ name }) => name))} -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD - 1]}" in
${choices.join('\n')}
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    return
  fi
  case $word in
    -*)
      case \${COMP_WORDS[1]} in
${options.join('\n')}
      esac
      COMPREPLY=($(compgen -W "$words" -- "$word"))
      ;;
    std/*)
      COMPREPLY=($(compgen -W ${joined(standard)} -- "$word"))
      ;;
    *)
      compopt -o filenames
      COMPREPLY=($(compgen -f -X '!*.loss' -- "$word") $(compgen -d -- "$word") $(compgen -W std/ -- "$word"))
      ;;
  esac
}
complete -o default -F _lossc lossc
`;
}

/** \`name:what it is\`, as _describe reads it. */
const described = (name: string, says: string): string => quoted(`${name.replaceAll(':', '\\:')}:${says}`);

function zshScript(completions: Completions): string {
  const { commands, standard } = completions;
  const choices = choicesOf(completions).map(
    ({ command, option }) =>
      `    ${command}:${option.flag}) compadd -- ${option.choices.map(quoted).join(' ')}; return ;;`,
  );
  const options = commands.map(
    ({ name, options: all }) =>
      `        ${name}) entries=(${all.map(({ flag, says }) => described(flag, says)).join(' ')}) ;;`,
  );
  return `#compdef lossc
# Completion of lossc for zsh: put \`source <(lossc completion zsh)\` into ~/.zshrc, behind compinit
_lossc() {
  local -a entries
  if (( CURRENT == 2 )); then
    entries=(
${commands.map(({ name, summary }) => `      ${described(name, summary)}`).join('\n')}
    )
    _describe command entries
    return
  fi
  case "$words[2]:$words[CURRENT-1]" in
${choices.join('\n')}
  esac
  case "$words[CURRENT]" in
    -*)
      case "$words[2]" in
${options.join('\n')}
      esac
      _describe -o option entries
      ;;
    std/*)
      compadd -- ${standard.join(' ')}
      ;;
    *)
      compadd -S '' -- std/
      _files -g '*.loss'
      ;;
  esac
}
compdef _lossc lossc
`;
}

function fishScript({ commands, standard }: Completions): string {
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c lossc -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(summary)}`,
    ...options.map(({ flag, says, takesValue, choices }) => {
      const value = choices.length > 0 ? ` -x -a ${fishQuoted(choices.join(' '))}` : takesValue ? ' -r' : '';
      return `complete -c lossc -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${value} -d ${fishQuoted(says)}`;
    }),
  ]);
  return `# Completion of lossc for fish: lossc completion fish > ~/.config/fish/completions/lossc.fish
${lines.join('\n')}
complete -c lossc -n 'not __fish_use_subcommand; and string match -q "std*" -- (commandline -ct)' -f -a ${fishQuoted(standard.join(' '))}
`;
}

/** In single quotes fish reads \\\\ and \\'. */
const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
