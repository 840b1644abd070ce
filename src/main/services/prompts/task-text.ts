import type { SpecFrontMatter } from '#shared/spec/spec-file.ts';
import { draftsFolder } from '#shared/spec/split-spec.ts';

/** What a run is to do with its spec: carry it out, or draft smaller specs from it. */
export type PromptTask = 'build' | 'split';

/** The last part of a prompt, with its variables. `solve`: to bring branches together that collide; another part says how. */
export function taskText(frontMatter: SpecFrontMatter, task: PromptTask | 'solve'): string {
  const [first, rules] = { build: buildTask, split: splitTask, solve: solveTask }[task](frontMatter);
  return [first, '', ...rules.map((rule) => `- ${rule}`)].join('\n');
}

function buildTask({ footprint, acceptance, ask }: SpecFrontMatter): [string, readonly string[]] {
  const checks = acceptance.filter(({ check }) => check !== null).length;
  return [
    'Do the work that the spec “{{title}}” describes, within the rules above.',
    [
      'Work in the present folder and nowhere else: it is a Git worktree of your own, and other agents have theirs.',
      'Your branch is `{{branch}}`, made from `{{base}}`. Commit to it. Do not switch branches, merge, rebase, stash or push.',
      footprint.length === 0
        ? 'Change what the spec needs and nothing beside it: other branches are being worked on at the same time.'
        : `Change only files in the footprint: ${footprint.map((glob) => `\`${glob}\``).join(', ')}. If the work cannot be done without leaving it, say which file and why before you touch it.`,
      checks === 0
        ? 'Say how you made sure that it works, with the commands you ran and what they printed.'
        : 'Before you commit, run every check of the acceptance list. A check that fails is to be mended in the code, not in the check; what you cannot make pass you say plainly.',
      ...(ask === null ? [] : ['Ask the question of the spec before you commit, and wait for the answer.']),
      'Commit all that belongs to the work, in commits whose messages say what and why. Leave nothing behind that is not committed.',
      'If something else is unclear and the answer would change what you build, ask one short question and wait.',
      'At the end say in a few lines what you changed, what is not proven, and what you are unsure of.',
    ],
  ];
}

function solveTask(): [string, readonly string[]] {
  return [
    'Solve the conflict that is described above, in the steps that stand there. The work on the spec “{{title}}” is done; it does not merge into `{{base}}`.',
    [
      'Work in the present folder and nowhere else: it is a Git worktree of your own, and other agents have theirs.',
      'Your branch is `{{branch}}`. Merge into it what the steps name, and nothing else. Do not switch branches, rebase, stash, force or push.',
      'Change what the conflict needs and nothing beside it. Do not carry the spec out a second time.',
      'Run every check that is named above, of both sides, before you commit. A check that fails is to be mended in the code, not in the check; what you cannot make pass you say plainly.',
      'If both sides cannot hold together, stop before you commit and ask one short question.',
      'At the end say in a few lines how you solved each place, what is not proven, and what you are unsure of.',
    ],
  ];
}

function splitTask(): [string, readonly string[]] {
  return [
    'Do not carry out the spec “{{title}}”. Split it into two to six smaller specs that several people could carry out at the same time.',
    [
      'Read the code first, so that you know which files each part of the work touches.',
      'Cut so that the parts change different files, each part is worth having alone, and each can be proved alone.',
      `Write each as a Markdown file in \`${draftsFolder}/\`, named in lower-case letters, digits and dashes, such as \`${draftsFolder}/read-the-config.md\`. Change no other file.`,
      'Each begins with front matter between two lines `---`: `title`, `footprint` (a list of globs: every file that it may change), `acceptance` (a list of `id`, `text` and, where a command can prove it, `check`), and `after` (names of those drafts that must be merged before it) only where it cannot be otherwise.',
      'Below the front matter: why, what, and what is not part of it, in words that need no other file. Whoever carries it out will not see this spec.',
      'Together they cover everything that the spec asks for, and nothing else. Two drafts whose footprints meet are to be one, or one after the other.',
      'Do not commit. Work in the present folder and nowhere else. Do not switch branches, merge, rebase, stash or push.',
      'At the end say in a few lines how you cut it and why, and what you were unsure of.',
    ],
  ];
}
