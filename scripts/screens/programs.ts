import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { specText } from '#e2e/spec-text.ts';

import { press, seen, spawnAll, type Walk } from './screen.ts';

const wide = `漢字仮名交じり文 한국어 조합 中文排版
│ 列 │ 値  │ 全角 │
├────┼─────┼──────┤
│ 一 │ abc │ ＡＢ │
│ 二 │ ｱｲｳ │ 한글 │
`;

const emoji = `👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇯🇵 👍🏽 ❤️ ☺️
| 🚀 | ok | 1️⃣ |
| ✅ | no | 🫠 |
é (e + ´)  नमस्ते  ไทย  עברית العربية
`;

const colours = `for i in $(seq 16 231); do printf '\\033[48;5;%dm ' $i; [ $(((i-15)%36)) = 0 ] && printf '\\033[0m\\n'; done; printf '\\033[1mbold \\033[3mitalic \\033[4munder \\033[9mstruck \\033[7mreverse\\033[0m\\n'`;

/** What runs in each of sixteen panes, and what is seen once it does. A program that is not installed says so itself. */
const inPanes: readonly (readonly [title: string, command: string, shows: string | RegExp])[] = [
  ['Vim alone', 'vim src/notes.js', /notes\.js|not found/],
  ['Htop', 'htop', /Load aver|not found/],
  ['Wide characters', 'clear; cat wide.txt', '全角'],
  ['Emoji', 'clear; cat emoji.txt', 'ok'],
  ['Claude Code', `'${installed('claude')}'`, /Claude|not found/],
  ['Less', 'less LOG.txt', /line 1\b/],
  ['Colours', colours, 'italic'],
  ['A graph', 'git --no-pager log --graph --oneline --all --color | head -20', /Say what/],
  ['Top', 'top', /load aver|not found/],
  ['Vim in two', 'vim -O src/notes.js LOG.txt', /LOG\.txt|not found/],
  ['Boxes', "clear; printf '╔════╦════╗\\n║ ab ║ cd ║\\n╚════╩════╝\\n▁▂▃▄▅▆▇█ ░▒▓ ⠁⠃⠇⡇⣇⣧⣷⣿\\n'", '╔'],
  ['A long line', "printf 'x%.0s' $(seq 400); echo", 'xxxx'],
  [
    'Progress',
    "for i in $(seq 1 40); do printf '\\r[%-40s] %d' \"$(printf '#%.0s' $(seq 1 $i))\" $i; done; echo ' done'",
    'done',
  ],
  ['Node', 'node --version', /v\d/],
  ['Python', 'python3 -q', /\$|>>>/],
  ['A shell', 'ls -la --color', 'src'],
];

/** Sixteen panes with programs that draw their own screens. Vim, htop and Claude Code are those of this machine. */
export const programs: Walk = {
  name: 'programs',
  prepare: async (world) => {
    const notes = await world.repository('notes', 'clean');
    for (const [index, [title]] of inPanes.entries()) {
      await notes.write(`specs/p${String(index + 10)}.md`, specText({ title, agents: ['shell'] }));
    }
    await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
    await notes.write('wide.txt', wide);
    await notes.write('emoji.txt', emoji);
    await notes.write('LOG.txt', Array.from({ length: 300 }, (_, index) => `line ${String(index + 1)}`).join('\n'));
    await notes.commit('Say what is next');
    return ['--project', notes.path];
  },
  screens: [
    {
      name: 'grid-16',
      show: async ({ page, bench }) => {
        await press(page, 'Spawn agents');
        await spawnAll(page);
        for (const [title, command, shows] of inPanes) {
          await bench.pane(title).locator('.xterm-rows').getByText('$').first().waitFor({ timeout: 180_000 });
          await bench.typeLine(title, command);
          await seen(bench, title, shows);
        }
      },
    },
    {
      name: 'grid-16-end',
      show: async ({ page, bench }) => {
        await bench.pane('Vim alone').scrollIntoViewIfNeeded();
        await page.waitForTimeout(1000);
      },
    },
  ],
};

/** Where a program is on this machine; a shell that logs in may look elsewhere. Its name, when it is not installed. */
function installed(name: string): string {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return (
    places.find((place) => {
      try {
        accessSync(place, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }) ?? name
  );
}
