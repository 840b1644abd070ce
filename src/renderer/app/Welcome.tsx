import { FilePlus2, Play, Rows3, Sparkle } from 'lucide-react';
import type { ReactNode } from 'react';

import { useBoard } from '#renderer/state/board.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { openRun } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { counted } from '#shared/counted.ts';

import { appKeys } from './app-keys.ts';

/** The centre with no terminal in it: the next step, whichever it is. */
export function Welcome(): ReactNode {
  const project = useProject();
  const groups = useBoard();
  const isLoaded = useMirror((mirror) => mirror.runs !== null && mirror.specs !== null);
  const openDialog = useView((view) => view.openDialog);
  if (!isLoaded) return null;

  const newSpec = (variant: 'primary' | 'secondary'): ReactNode => (
    <Button
      variant={variant}
      icon={<FilePlus2 />}
      onClick={() => {
        openDialog({ kind: 'new-spec' });
      }}
    >
      New spec
    </Button>
  );

  if (!project.isSetUp) {
    return (
      <EmptyState
        icon={<Sparkle />}
        title={`Set up ${project.name}`}
        actions={
          <>
            <Button
              variant="primary"
              onClick={() => {
                openDialog({ kind: 'set-up' });
              }}
            >
              See what would be written
            </Button>
            {newSpec('secondary')}
          </>
        }
      >
        A config, rules that every agent is given, reusable parts of prompts, and a first spec: plain files in the
        repository, yours to edit and to commit. Nothing that is there is touched.
      </EmptyState>
    );
  }

  const running = [...groups.needsYou, ...groups.review, ...groups.running];
  const first = running[0];
  if (first) {
    return (
      <EmptyState
        icon={<Rows3 />}
        title="No terminal in view"
        actions={
          <>
            <Button
              variant="primary"
              keys={appKeys.next}
              onClick={() => {
                openRun(first.run);
              }}
            >
              Go to “{shorten(first.run.spec.title)}”
            </Button>
            <Button
              onClick={() => {
                const view = useView.getState();
                for (const card of running.slice(0, 9).toReversed()) view.openTerminal(card.run.id);
              }}
            >
              Show {counted(Math.min(9, running.length), 'terminal')}
            </Button>
          </>
        }
      >
        {counted(running.length, 'run')} on the board. Choose one there, or show them side by side.
      </EmptyState>
    );
  }

  const ready = groups.drafts.flatMap((card) =>
    card.kind === 'draft' && card.spec.problemCount === 0 ? [card.spec] : [],
  );
  if (ready.length > 0) {
    return (
      <EmptyState
        icon={<Play />}
        title={ready.length === 1 ? 'A spec is ready' : `${String(ready.length)} specs are ready`}
        actions={
          <>
            <Button
              variant="primary"
              icon={<Play />}
              onClick={() => {
                openDialog({ kind: 'spawn', slugs: ready.map((spec) => spec.slug) });
              }}
            >
              {ready.length === 1 ? 'Spawn an agent' : 'Spawn agents'}
            </Button>
            {newSpec('secondary')}
          </>
        }
      >
        Each agent gets a branch, a worktree and a terminal of its own. Your own checkout stays as it is. You see what
        is sent before anything starts.
      </EmptyState>
    );
  }

  return (
    <EmptyState icon={<FilePlus2 />} title="Write a spec" actions={newSpec('primary')}>
      What one piece of work must do, and how that is proved. It is a Markdown file in <code>specs/</code>; agents are
      spawned from it.
    </EmptyState>
  );
}

const shorten = (title: string): string => (title.length > 40 ? `${title.slice(0, 38).trimEnd()}…` : title);
