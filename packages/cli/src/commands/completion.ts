import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'

/** What bash-completion's function of that name does for the script, where there is none. */
const wordsUnderCursor = `if ! declare -F _get_comp_words_by_ref > /dev/null; then
  _get_comp_words_by_ref() {
    words=("\${COMP_WORDS[@]}")
    cword=$COMP_CWORD
    cur=\${COMP_WORDS[COMP_CWORD]}
    prev=\${COMP_WORDS[COMP_CWORD-1]}
  }
fi`

/** The script declares constants, and may be read a second time, or after that of another program with the same ones. */
const constantsOnce = `readonly() {
  local name="\${1%%=*}"
  [[ -n "\${!name:-}" ]] || builtin readonly "$1"
}`
const constantsAgain = 'unset -f readonly'

/**
 * Adds `trace2 completion <shell>`, and the hidden `trace2 complete` that its script asks at each press of the key. To
 * be called when all other commands are there: it knows their options and choices.
 */
export function addCompletion(program: Command, terminal: Terminal): void {
  tab(program, { completionCommandName: 'completion' })
  program.commands
    .find((command) => command.name() === 'completion')
    // The script asks the bash-completion package for the words, which not every bash has.
    ?.hook('preAction', (command) => {
      if (command.args[0] === 'bash') terminal.print(`${wordsUnderCursor}\n${constantsOnce}`)
    })
    .hook('postAction', (command) => {
      if (command.args[0] === 'bash') terminal.print(constantsAgain)
    })
    .summary('make the shell complete commands and options')
    .description(
      'Prints a script for the shell, which then completes commands, options and choices of trace2 at the press of the tab key, where trace2 is on the PATH. For good: write it to a file that the shell reads when it starts.',
    )
    .addHelpText(
      'after',
      examples(
        'source <(trace2 completion bash)',
        'source <(trace2 completion zsh)',
        'trace2 completion fish > ~/.config/fish/completions/trace2.fish',
      ),
    )
}
