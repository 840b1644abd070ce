import { isMac } from '#renderer/ui/keys.ts';

import type { CommandDeclaration, CommandPlace } from './command-declaration.ts';
import { pullRequestCommands } from './pull-request-commands.ts';
import { variantCommands } from './variant-commands.ts';

export const numberedTerminals = 9;
type TerminalNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/**
 * Every command with its default keys, for one platform. It is the one place that says which keys are the app's: the
 * Keyboard screen lists it, also for what is not on screen now, and a test finds two commands on one chord.
 *
 * What works in terminals takes chords that a program there cannot tell from another key, or hardly waits for: Control with
 * Shift, or Control with Alt and a key that types nothing (Control with Alt is AltGr on Windows, and types `{` or `@`). On
 * a Mac, Command is the app's anyway.
 */
export function declareCommands(mac: boolean) {
  const numbers = Array.from({ length: numberedTerminals }, (_, index): [string, CommandDeclaration] => {
    const number = String(index + 1);
    const title = `Terminal ${number}`;
    // Alt, because Control is the terminal's; wherever nothing is typed the number alone will do.
    const keys = [mac ? `Mod+${number}` : `Alt+${number}`, number];
    return [
      `go.terminal-${number}`,
      { title, group: 'Go to', where: 'project', keys, inTerminal: true, inPalette: false },
    ];
  });
  return {
    'app.palette': {
      title: 'Go to anything',
      group: 'App',
      where: 'everywhere',
      keys: mac ? ['Mod+K', 'Mod+Shift+P'] : ['Mod+Shift+P', 'Mod+K'],
      inTerminal: true,
      inPalette: false,
    },
    'app.keys': {
      title: 'Show the keys',
      group: 'App',
      where: 'everywhere',
      keys: ['?', 'Mod+/'],
      keywords: ['keyboard', 'shortcuts', 'help'],
    },
    'app.settings': {
      title: 'Settings',
      group: 'App',
      where: 'everywhere',
      keys: ['Mod+,'],
      keywords: ['preferences', 'font', 'scrollback'],
    },
    'app.keyboard': {
      title: 'Change the keys…',
      group: 'App',
      where: 'everywhere',
      keywords: ['keyboard', 'shortcuts', 'bindings', 'chords', 'settings'],
    },
    'app.attention': {
      title: 'Notifications and quiet hours…',
      group: 'App',
      where: 'everywhere',
      keywords: ['settings', 'sound', 'alerts', 'attention', 'do not disturb'],
    },
    'app.theme-dark': { title: 'Theme: dark', group: 'App', where: 'everywhere', keywords: ['colours', 'appearance'] },
    'app.theme-light': {
      title: 'Theme: light',
      group: 'App',
      where: 'everywhere',
      keywords: ['colours', 'appearance'],
    },
    'app.theme-system': {
      title: 'Theme: as the system',
      group: 'App',
      where: 'everywhere',
      keywords: ['colours', 'appearance'],
    },

    'app.next': {
      title: 'Next: go to what needs you most',
      group: 'Go to',
      where: 'project',
      keys: ['F8', 'Mod+J'],
      inTerminal: true,
      keywords: ['waiting', 'question', 'review'],
    },
    'go.inbox': {
      title: 'Inbox: all that needs you',
      group: 'Go to',
      where: 'project',
      keys: ['i', 'Shift+F8'],
      inTerminal: true,
      keywords: ['attention', 'waiting', 'questions', 'snoozed'],
    },
    'attention.snooze-hour': {
      title: 'Snooze what the run needs for an hour, and go to the next',
      group: 'Run',
      where: 'project',
      keys: ['Mod+F8'],
      inTerminal: true,
      keywords: ['later', 'put off', 'remind', 'inbox'],
    },
    'attention.snooze-tomorrow': {
      title: 'Snooze what the run needs until tomorrow, and go to the next',
      group: 'Run',
      where: 'project',
      keywords: ['later', 'put off', 'remind', 'inbox'],
    },
    'attention.snooze-changed': {
      title: 'Snooze what the run needs until it changes, and go to the next',
      group: 'Run',
      where: 'project',
      keywords: ['later', 'put off', 'remind', 'inbox'],
    },
    'attention.dismiss-since': {
      title: 'Dismiss what is new since you last looked',
      group: 'Run',
      where: 'project',
      keywords: ['news', 'changes', 'close'],
    },
    'go.terminals': { title: 'Terminals', group: 'Go to', where: 'project', keys: ['g'] },
    'go.radar': {
      title: 'Radar: what the branches collide in',
      group: 'Go to',
      where: 'project',
      keys: ['x', 'F9'],
      inTerminal: true,
      keywords: ['conflicts', 'matrix', 'merge order', 'collisions'],
    },
    'go.figures': {
      title: 'Figures: what the agents did, cost and saved',
      group: 'Go to',
      where: 'project',
      keys: ['f'],
      keywords: ['costs', 'tokens', 'money', 'speed', 'hours', 'statistics'],
    },
    'go.search': {
      title: 'Search all terminals…',
      group: 'Go to',
      where: 'project',
      keys: ['Mod+Shift+S'],
      inTerminal: true,
      keywords: ['find', 'output', 'history', 'scrollback', 'grep'],
    },
    'go.prompts': {
      title: 'Prompts: invariants and modules',
      group: 'Go to',
      where: 'project',
      keys: ['p'],
      keywords: ['rules', 'library', 'parameters'],
    },
    'board.focus': {
      title: 'Go to the board',
      group: 'Go to',
      where: 'project',
      keys: ['Mod+Shift+B', 'b'],
      inTerminal: true,
    },
    'go.other-side': {
      title: 'From the board to the centre, and back',
      group: 'Go to',
      where: 'project',
      keys: ['F6'],
      keywords: ['focus', 'pane', 'editor', 'review', 'region'],
    },
    'app.notices': {
      title: 'Go to the notices',
      group: 'App',
      where: 'everywhere',
      keys: ['Alt+T'],
      keywords: ['toast', 'notification', 'undo'],
    },
    'board.filter': { title: 'Filter the board', group: 'Go to', where: 'project', keys: ['/'] },
    ...(Object.fromEntries(numbers) as Record<`go.terminal-${TerminalNumber}`, CommandDeclaration>),

    'board.terminal': { title: 'The card’s terminal', group: 'On the board', where: 'board', keys: ['t'] },
    'board.review': { title: 'The card’s review', group: 'On the board', where: 'board', keys: ['r'] },
    'board.spec': { title: 'The card’s spec', group: 'On the board', where: 'board', keys: ['e'] },
    'board.open-in': { title: 'Open the card’s worktree in…', group: 'On the board', where: 'board', keys: ['o'] },
    'board.spawn': { title: 'Spawn the draft', group: 'On the board', where: 'board', keys: ['s'] },
    'board.pick': {
      title: 'Choose the card, or its group, for several at once',
      group: 'On the board',
      where: 'board',
      keys: ['m'],
    },
    'board.delete': { title: 'Delete, after a question', group: 'On the board', where: 'board', keys: ['Delete'] },
    'board.down': { title: 'Next card', group: 'On the board', where: 'board', keys: ['j'] },
    'board.up': { title: 'Previous card', group: 'On the board', where: 'board', keys: ['k'] },

    'run.terminal': { title: 'Selected run: open terminal', group: 'Run', where: 'project' },
    'run.review': { title: 'Selected run: review changes', group: 'Run', where: 'project' },
    'run.stop': { title: 'Selected run: stop', group: 'Run', where: 'project' },
    'run.pause': {
      title: 'Selected run: pause, or let it go on',
      group: 'Run',
      where: 'project',
      keywords: ['suspend', 'stop', 'freeze', 'unpause'],
    },
    'run.open-in': {
      title: 'Selected run: open its worktree in an editor, terminal or file manager…',
      group: 'Run',
      where: 'project',
      keywords: ['vscode', 'cursor', 'kiro', 'zed', 'jetbrains', 'folder', 'finder'],
    },
    'run.continue-with': {
      title: 'Selected run: continue with another agent…',
      group: 'Run',
      where: 'project',
      keywords: ['hand over', 'switch', 'other'],
    },
    ...pullRequestCommands,
    'run.usage': {
      title: 'Show memory and processor use of the runs, or not',
      group: 'Run',
      where: 'project',
      keywords: ['cpu', 'ram', 'resources', 'machine'],
    },
    'run.resume': { title: 'Selected run: resume session', group: 'Run', where: 'project' },
    'run.restart': { title: 'Selected run: restart afresh', group: 'Run', where: 'project' },
    'run.retry': { title: 'Selected run: retry spawn', group: 'Run', where: 'project' },
    'run.copy-branch': { title: 'Selected run: copy branch name', group: 'Run', where: 'project' },
    'run.copy-path': { title: 'Selected run: copy worktree path', group: 'Run', where: 'project' },
    'run.compare-prompts': {
      title: 'Selected run: compare its prompt with another…',
      group: 'Run',
      where: 'project',
    },
    'run.remove': { title: 'Selected run: delete…', group: 'Run', where: 'project' },
    'run.forget': { title: 'Selected run: forget', group: 'Run', where: 'project' },

    'spec.new': {
      title: 'New spec…',
      group: 'Spec',
      where: 'project',
      // Control+Shift+N is a browser's own and never reaches a page.
      keys: ['n', 'Mod+Alt+N'],
      inTerminal: true,
      keywords: ['create', 'write'],
    },
    'spec.spawn-drafts': { title: 'Spawn agents on all drafts…', group: 'Spec', where: 'project' },
    'spec.rename': { title: 'Rename the open spec…', group: 'Spec', where: 'project' },
    'spec.delete': { title: 'Delete the open spec…', group: 'Spec', where: 'project' },
    'spec.split': { title: 'Split the open spec…', group: 'Spec', where: 'project' },
    'spec.import': {
      title: 'Import specs: Kiro, spec-kit, GitHub issues, pasted text…',
      group: 'Spec',
      where: 'project',
      keywords: ['elsewhere', 'paste', 'issue'],
    },
    'spec.save': { title: 'Save the spec', group: 'Spec', where: 'spec', keys: ['Mod+S'] },
    'prompt.save': { title: 'Save the prompt file', group: 'Spec', where: 'prompts', keys: ['Mod+S'] },
    'spec.spawn': { title: 'Spawn agents on this spec', group: 'Spec', where: 'spec', keys: ['Mod+Enter'] },
    'spec.problem': { title: 'Next problem of the spec', group: 'Spec', where: 'spec', keys: ['Alt+F8'] },

    'grid.maximise': {
      title: 'Maximise the terminal, or back to the grid',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Shift+Enter'],
      inTerminal: true,
      keywords: ['zoom', 'full screen', 'restore'],
    },
    'grid.find': {
      title: 'Find in the terminal',
      group: 'Terminals',
      where: 'grid',
      keys: mac ? ['Mod+F'] : ['Mod+Shift+F', 'Mod+F'],
      inTerminal: true,
      keywords: ['search'],
    },
    'grid.compose': {
      title: 'Write a message to the agent',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Shift+M'],
      inTerminal: true,
      keywords: ['send', 'prompt', 'answer'],
    },
    'grid.prompt-previous': {
      title: 'Previous prompt in the terminal',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Shift+ArrowUp'],
      inTerminal: true,
      keywords: ['command', 'jump', 'scroll'],
    },
    'grid.prompt-next': {
      title: 'Next prompt in the terminal',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Shift+ArrowDown'],
      inTerminal: true,
      keywords: ['command', 'jump', 'scroll'],
    },
    'grid.output-copy': {
      title: 'Copy the output of the command in view',
      group: 'Terminals',
      where: 'grid',
      keywords: ['last', 'command'],
    },
    'grid.output-select': { title: 'Select the output of the command in view', group: 'Terminals', where: 'grid' },
    'grid.copy-text': {
      title: 'Copy the selection or the whole terminal as text',
      group: 'Terminals',
      where: 'grid',
      keywords: ['transcript'],
    },
    'grid.save-text': {
      title: 'Save the terminal’s transcript as text',
      group: 'Terminals',
      where: 'grid',
      keywords: ['download', 'export', 'file', 'txt'],
    },
    'grid.copy-ansi': {
      title: 'Copy the selection or the whole terminal as text with colours (ANSI)',
      group: 'Terminals',
      where: 'grid',
      keywords: ['transcript'],
    },
    'grid.save-ansi': {
      title: 'Save the terminal’s transcript as text with colours (ANSI)',
      group: 'Terminals',
      where: 'grid',
      keywords: ['download', 'export', 'file', 'ans'],
    },
    'grid.copy-markdown': {
      title: 'Copy the selection or the whole terminal as Markdown',
      group: 'Terminals',
      where: 'grid',
      keywords: ['transcript'],
    },
    'grid.save-markdown': {
      title: 'Save the terminal’s transcript as Markdown',
      group: 'Terminals',
      where: 'grid',
      keywords: ['download', 'export', 'file', 'md'],
    },
    'grid.pass-key': {
      title: 'Send the next key to the terminal',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Shift+K'],
      inTerminal: true,
      keywords: ['pass', 'prefix', 'literal', 'quote'],
    },
    'grid.lock-keys': {
      title: 'Keep all keys for the terminal, or no longer',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Shift+L'],
      inTerminal: true,
      keywords: ['lock', 'unlock', 'capture', 'pass'],
    },
    'grid.next': {
      title: 'Next terminal',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Alt+PageDown'],
      inTerminal: true,
    },
    'grid.previous': {
      title: 'Previous terminal',
      group: 'Terminals',
      where: 'grid',
      keys: ['Mod+Alt+PageUp'],
      inTerminal: true,
    },
    'grid.focus-left': towards('Terminal on the left', 'Mod+Alt+ArrowLeft'),
    'grid.focus-right': towards('Terminal on the right', 'Mod+Alt+ArrowRight'),
    'grid.focus-up': towards('Terminal above', 'Mod+Alt+ArrowUp'),
    'grid.focus-down': towards('Terminal below', 'Mod+Alt+ArrowDown'),
    'grid.move-left': towards('Move the terminal left', 'Mod+Alt+Shift+ArrowLeft'),
    'grid.move-right': towards('Move the terminal right', 'Mod+Alt+Shift+ArrowRight'),
    'grid.move-up': towards('Move the terminal up', 'Mod+Alt+Shift+ArrowUp'),
    'grid.move-down': towards('Move the terminal down', 'Mod+Alt+Shift+ArrowDown'),
    'grid.actions': {
      title: 'Go to the terminal’s buttons',
      group: 'Terminals',
      where: 'grid',
      keywords: ['leave', 'header', 'toolbar'],
    },
    'grid.hide': {
      title: 'Take the terminal out of the grid',
      group: 'Terminals',
      where: 'grid',
      keywords: ['close', 'hide'],
    },
    'several.type': {
      title: 'Type into several terminals, or stop that',
      group: 'Terminals',
      where: 'project',
      keys: ['Mod+Shift+E'],
      inTerminal: true,
      keywords: ['broadcast', 'synchronise', 'all', 'everyone', 'at once'],
    },
    'several.message': {
      title: 'Write a message to several agents…',
      group: 'Terminals',
      where: 'project',
      keys: ['Mod+Alt+M'],
      inTerminal: true,
      keywords: ['broadcast', 'send', 'all', 'everyone'],
    },

    'review.merge': { title: 'Merge this branch', group: 'Review', where: 'review', keys: ['Mod+Shift+M'] },
    'review.nextChange': { title: 'Next change', group: 'Review', where: 'review', keys: ['F7'] },
    'review.previousChange': { title: 'Previous change', group: 'Review', where: 'review', keys: ['Shift+F7'] },
    'review.nextFile': { title: 'Next changed file', group: 'Review', where: 'review', keys: ['Alt+ArrowDown', ']'] },
    'review.previousFile': {
      title: 'Previous changed file',
      group: 'Review',
      where: 'review',
      keys: ['Alt+ArrowUp', '['],
    },
    'review.viewed': {
      title: 'Mark the file as viewed, or take the mark back',
      group: 'Review',
      where: 'review',
      keys: ['Alt+V', 'v'],
    },
    'review.comment': {
      title: 'Comment on this line',
      group: 'Review',
      where: 'review',
      keys: ['Alt+C', 'c'],
      keywords: ['note', 'remark', 'feedback'],
    },
    'review.commentFile': {
      title: 'Comment on this file',
      group: 'Review',
      where: 'review',
      keys: ['Alt+Shift+C'],
      keywords: ['note', 'remark', 'feedback'],
    },
    'review.why': {
      title: 'Why is this line here?',
      group: 'Review',
      where: 'project',
      keys: ['Alt+W'],
      keywords: ['blame', 'history', 'origin', 'provenance', 'commit'],
    },
    'review.nextComment': { title: 'Next comment', group: 'Review', where: 'review', keys: ['Alt+PageDown'] },
    'review.previousComment': { title: 'Previous comment', group: 'Review', where: 'review', keys: ['Alt+PageUp'] },
    'review.sendComments': {
      title: 'Send the comments to the agent…',
      group: 'Review',
      where: 'review',
      keys: ['Alt+S'],
      keywords: ['feedback', 'message'],
    },

    ...variantCommands,

    'project.set-up': {
      title: 'Set up this project…',
      group: 'Project',
      where: 'project',
      keywords: ['config', 'invariants', 'prompts'],
    },
    'project.trust': {
      title: 'Commands that this project wants to run…',
      group: 'Project',
      where: 'project',
      keywords: ['trust', 'allow', 'config'],
    },
    'project.snapshots': {
      title: 'Snapshots…',
      group: 'Project',
      where: 'project',
      keywords: ['undo', 'restore', 'deleted'],
    },
    'project.leave': {
      title: 'Open another project…',
      group: 'Project',
      where: 'project',
      keys: ['Mod+Shift+O'],
      inTerminal: true,
      keywords: ['switch', 'close', 'start'],
    },
  } satisfies Record<string, CommandDeclaration>;
}

function towards(title: string, chord: string): CommandDeclaration {
  return { title, group: 'Terminals', where: 'grid', keys: [chord], inTerminal: true };
}

export type CommandId = keyof ReturnType<typeof declareCommands>;

export const commandCatalogue: Readonly<Record<CommandId, CommandDeclaration>> = declareCommands(isMac);

export const isCatalogued = (id: string): id is CommandId => Object.hasOwn(commandCatalogue, id);

const inCentre: ReadonlySet<CommandPlace> = new Set(['grid', 'spec', 'prompts', 'review', 'variants']);

/** Whether commands of these places can be there at once, so that one chord would mean both. */
export const meet = (a: CommandPlace, b: CommandPlace): boolean => a === b || !inCentre.has(a) || !inCentre.has(b);
