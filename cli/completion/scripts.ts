/**
 * The scripts that make a shell complete nodectl. They hold no knowledge of the commands: they ask `nodectl __complete`, so
 * they stay right when commands are added. Its answer: a candidate a line, its description behind a tab, and a last line
 * ":" followed by words out of "file", "folder", "open".
 */

import type { Shell } from './shells.ts';

const BASH = String.raw`# bash completion for nodectl. Load it with: source <(nodectl completion bash)
_nodectl() {
  local program=\${COMP_WORDS[0]/#\~/$HOME} line=\${COMP_LINE:0:COMP_POINT} word reply directive
  COMPREPLY=()
  mapfile -t reply < <("$program" __complete bash -- "$line" 2>/dev/null)
  ((\${#reply[@]})) || return 0
  directive=\${reply[-1]}
  unset 'reply[-1]'
  word=\${line##*[[:space:]]}
  if [[ $directive == *file* || $directive == *folder* ]]; then
    local kind=-f cur=\${word##*=}
    [[ $directive == *folder* ]] && kind=-d
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$kind" -- "$cur")
    return 0
  fi
  # Readline replaces only what stands behind the last of its word breaks.
  local breaks= head=
  [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
  [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
  [[ -n $breaks ]] && head=\${word%"\${word##*[$breaks]}"}
  reply=("\${reply[@]%%$'\t'*}")
  COMPREPLY=("\${reply[@]#"$head"}")
  [[ $directive == *open* ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _nodectl nodectl
`.replaceAll('\\${', '${');

const ZSH = String.raw`#compdef nodectl
# zsh completion for nodectl. Load it with: source <(nodectl completion zsh), behind compinit
_nodectl() {
  local -a reply values shown suffix
  local directive line
  reply=("\${(@f)$("\${(Q)words[1]/#\~/$HOME}" __complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  directive=\${reply[-1]}
  reply[-1]=()
  case $directive in
    *file*) compset -P '*='; _files; return ;;
    *folder*) compset -P '*='; _files -/; return ;;
    *open*) suffix=(-S '') ;;
  esac
  for line in $reply; do
    values+=("\${line%%$'\t'*}")
    if [[ $line == *$'\t'?* ]]; then
      shown+=("\${line%%$'\t'*}  -- \${line#*$'\t'}")
    else
      shown+=("\${line%%$'\t'*}")
    fi
  done
  (( $#values )) || return 1
  compadd -l "\${suffix[@]}" -d shown -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _nodectl "$@"
else
  compdef _nodectl nodectl
fi
`.replaceAll('\\${', '${');

const FISH = String.raw`# fish completion for nodectl. Load it with: nodectl completion fish | source
function __nodectl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l reply ($words[1] __complete fish -- $words[2..-1] "$current" 2>/dev/null)
    set -q reply[1]; or return
    set -l directive $reply[-1]
    set -e reply[-1]
    switch $directive
        case '*file*' '*folder*'
            set -l head (string match -r '^--[^=]*=' -- "$current")
            set -l path (string replace -r '^--[^=]*=' '' -- "$current")
            if string match -q '*folder*' -- $directive
                printf "$head%s\n" (__fish_complete_directories "$path" '')
            else
                printf "$head%s\n" (__fish_complete_path "$path")
            end
        case '*'
            printf '%s\n' $reply
    end
end
complete -c nodectl -f -a '(__nodectl_complete)'
`;

const SCRIPTS: Record<Shell, string> = { bash: BASH, zsh: ZSH, fish: FISH };

/** The script for a shell. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
