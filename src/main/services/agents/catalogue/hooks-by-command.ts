/**
 * Hooks in the form that Claude Code introduced and others took over: for each event, a command that a shell runs with
 * the event as JSON on its standard input. `seconds`: after that the CLI goes on without it.
 */
export const hooksByCommand = (command: string, events: readonly string[], seconds = 5): { hooks: object } => ({
  hooks: Object.fromEntries(
    events.map((event) => [event, [{ matcher: '', hooks: [{ type: 'command', command, timeout: seconds }] }]]),
  ),
});
