import type { StageId } from './contract/runs.ts';

/** What each stage of a spawn is called when it is named, and while it runs: on cards, in panes and on its terminal alike. */
export const stageWords: Readonly<Record<StageId, { name: string; doing: string }>> = {
  check: { name: 'Check', doing: 'Checking' },
  branch: { name: 'Branch', doing: 'Making the branch' },
  worktree: { name: 'Worktree', doing: 'Making the worktree' },
  copy: { name: 'Copy', doing: 'Copying files' },
  setup: { name: 'Setup', doing: 'Running the setup command' },
  start: { name: 'Start', doing: 'Starting the agent' },
};
