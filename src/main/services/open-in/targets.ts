import type { OpenTarget } from '#shared/contract/open-in.ts';

/** What a program is given. All paths are absolute, so that none of them can be taken for an option. */
export interface OpenPlace {
  /** The worktree. */
  folder: string;
  /** For editors of VS Code's family: a file of ours that names the folder, and has the window's title and colours. */
  workspaceFile: string;
}

/** One way to start a program: the first that is there is taken. */
export interface OpenWay {
  /** Found on PATH. */
  command: string;
  args: (place: OpenPlace) => readonly string[];
  /** macOS: an app that has to be there too, by its name. */
  app?: string;
  /** It ends with a code of its own also when all is well. */
  codeMeansNothing?: boolean;
}

export interface TargetDefinition extends Pick<OpenTarget, 'id' | 'label' | 'kind' | 'note'> {
  ways: (platform: NodeJS.Platform) => readonly OpenWay[];
  /** How to get it. */
  install: string;
  /** Several of one maker: those that are missing are named once, by this. */
  family?: string;
}

const folderOnly = ({ folder }: OpenPlace): readonly string[] => [folder];
const workspace = ({ workspaceFile }: OpenPlace): readonly string[] => ['--new-window', workspaceFile];
const app = (name: string, args: (place: OpenPlace) => readonly string[]): OpenWay => ({
  command: 'open',
  app: name,
  args: (place) => ['-a', name, ...args(place)],
});

const macOnly = (platform: NodeJS.Platform, way: OpenWay): readonly OpenWay[] => (platform === 'darwin' ? [way] : []);

/** An editor of VS Code's family: a file names the worktree, and sets title and colours without a file in the worktree. */
const likeVisualStudioCode = (
  definition: Pick<TargetDefinition, 'id' | 'label' | 'note' | 'install'> & { command: string; app: string },
): TargetDefinition => ({
  ...definition,
  kind: 'editor',
  ways: (platform) => [
    { command: definition.command, args: workspace },
    ...macOnly(
      platform,
      app(definition.app, ({ workspaceFile }) => [workspaceFile]),
    ),
  ],
});

const jetBrains = (id: string, label: string, command: string): TargetDefinition => ({
  id,
  label,
  kind: 'editor',
  note: null,
  family: 'A JetBrains IDE',
  install:
    'Install one from jetbrains.com, and have its launcher put on PATH (Tools, Create Command-line Launcher, or Toolbox).',
  ways: (platform) => [{ command, args: folderOnly }, ...macOnly(platform, app(label, folderOnly))],
});

/** In the order in which they are offered. */
export const openTargets: readonly TargetDefinition[] = [
  likeVisualStudioCode({
    id: 'vscode',
    label: 'VS Code',
    note: 'and Kilo Code in it, where its extension is there',
    command: 'code',
    app: 'Visual Studio Code',
    install: 'Install it from code.visualstudio.com; on a Mac run “Shell Command: Install code in PATH”.',
  }),
  likeVisualStudioCode({
    id: 'cursor',
    label: 'Cursor',
    note: null,
    command: 'cursor',
    app: 'Cursor',
    install: 'Install it from cursor.com, and its `cursor` command.',
  }),
  likeVisualStudioCode({
    id: 'kiro',
    label: 'Kiro',
    note: null,
    command: 'kiro',
    app: 'Kiro',
    install: 'Install it from kiro.dev, and its `kiro` command.',
  }),
  likeVisualStudioCode({
    id: 'vscodium',
    label: 'VSCodium',
    note: null,
    command: 'codium',
    app: 'VSCodium',
    install: 'Install it from vscodium.com.',
  }),
  likeVisualStudioCode({
    id: 'windsurf',
    label: 'Windsurf',
    note: null,
    command: 'windsurf',
    app: 'Windsurf',
    install: 'Install it from windsurf.com, and its `windsurf` command.',
  }),
  jetBrains('idea', 'IntelliJ IDEA', 'idea'),
  jetBrains('webstorm', 'WebStorm', 'webstorm'),
  jetBrains('pycharm', 'PyCharm', 'pycharm'),
  jetBrains('phpstorm', 'PhpStorm', 'phpstorm'),
  jetBrains('goland', 'GoLand', 'goland'),
  jetBrains('rubymine', 'RubyMine', 'rubymine'),
  jetBrains('clion', 'CLion', 'clion'),
  jetBrains('rider', 'Rider', 'rider'),
  jetBrains('rustrover', 'RustRover', 'rustrover'),
  {
    id: 'zed',
    label: 'Zed',
    kind: 'editor',
    note: null,
    install: 'Install it from zed.dev, and its `zed` command.',
    ways: (platform) => [
      { command: 'zed', args: ({ folder }) => ['--new', folder] },
      // Some systems have another program of that name.
      { command: 'zeditor', args: ({ folder }) => ['--new', folder] },
      ...macOnly(platform, app('Zed', folderOnly)),
    ],
  },
  {
    id: 'terminal',
    label: 'Terminal',
    kind: 'terminal',
    note: 'of the system, beside the one here',
    install: 'Install one, such as kitty, GNOME Terminal, Konsole or Windows Terminal.',
    ways: (platform) => {
      if (platform === 'darwin') return [app('Terminal', folderOnly)];
      if (platform === 'win32') return [{ command: 'wt', args: ({ folder }) => ['-d', folder] }];
      return [
        { command: 'ghostty', args: ({ folder }) => [`--working-directory=${folder}`] },
        { command: 'kitty', args: ({ folder }) => ['--directory', folder] },
        { command: 'wezterm', args: ({ folder }) => ['start', '--cwd', folder] },
        { command: 'alacritty', args: ({ folder }) => ['--working-directory', folder] },
        { command: 'gnome-terminal', args: ({ folder }) => [`--working-directory=${folder}`] },
        { command: 'konsole', args: ({ folder }) => ['--workdir', folder] },
        // These take the folder that they are started in.
        { command: 'x-terminal-emulator', args: () => [] },
        { command: 'xterm', args: () => [] },
      ];
    },
  },
  {
    id: 'files',
    label: 'File manager',
    kind: 'files',
    note: null,
    install: 'Install xdg-utils, whose `xdg-open` finds the one of your desktop.',
    ways: (platform) => {
      if (platform === 'darwin') return [{ command: 'open', args: folderOnly }];
      if (platform === 'win32') return [{ command: 'explorer', args: folderOnly, codeMeansNothing: true }];
      return [{ command: 'xdg-open', args: folderOnly }];
    },
  },
];
