import { MessageSquareShare, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';

import { recheck, tellAgents, whyNotTold } from '#renderer/state/invariant-actions.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import type { RunInvariants } from '#shared/contract/invariants.ts';
import type { PromptSource } from '#shared/contract/prompts.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import { parseInvariant } from '#shared/invariant/invariant-file.ts';
import { rulesInWords } from '#shared/invariant/rules-in-words.ts';

import styles from './InvariantNotices.module.css';

/** About one invariant: what of it is checked, what of that cannot be, and which runs were given another version. */
export function InvariantNotices({ source, text }: { source: PromptSource; text: string }): ReactNode {
  const checked = rulesInWords(parseInvariant(text).rules);
  const behind = useBehind(source.id);
  const listening = behind.filter(({ run }) => whyNotTold(run) === null);
  return (
    <div className={styles.notices}>
      {checked.length > 0 ? (
        <ul className={styles.rules} aria-label="What is checked on every branch">
          {checked.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : (
        <p className={styles.hint}>
          Nothing of it is checked: agents are given the prose. <code>rules:</code> in the front matter can hold{' '}
          <code>forbid</code>, <code>require</code>, <code>dependencies</code>, <code>limit</code>, <code>lines</code>{' '}
          and <code>command</code>.
        </p>
      )}
      {source.problems.length > 0 ? (
        <Callout compact tone="warning" title="Some of its rules cannot be checked as they are saved">
          {source.problems.map((problem) => (
            <p key={problem} className={styles.problem}>
              {problem}
            </p>
          ))}
        </Callout>
      ) : null}
      {behind.length > 0 ? (
        <Callout
          tone="info"
          title={`${counted(behind.length, 'run was', 'runs were')} given another version of it`}
          actions={
            behind.length > 1 ? (
              <Button
                size="sm"
                icon={<MessageSquareShare />}
                reason={listening.length === 0 ? 'None of their agents is running.' : null}
                onClick={() =>
                  tellAgents(
                    listening.map(({ run }) => run),
                    'changes',
                  )
                }
              >
                Tell all {listening.length} that run
              </Button>
            ) : undefined
          }
        >
          Their branches are checked against this version already.
          <ul className={styles.runs} aria-label="Runs that were given another version">
            {behind.map(({ run, state, given }) => (
              <li key={run.id}>
                <div className={styles.who}>
                  <button
                    type="button"
                    className={styles.run}
                    title={`Review ${run.spec.title}`}
                    onClick={() => useView.getState().showReview(run.id)}
                  >
                    {run.spec.title}
                  </button>
                  <span className={styles.given}>
                    {given === null ? 'was not given it' : `was given ${given}`}
                    {placesToMend(state, source.id)}
                  </span>
                </div>
                <IconButton size="sm" label="Check again" icon={<RotateCw />} onClick={() => recheck(run)} />
                <Button
                  size="sm"
                  variant="ghost"
                  icon={<MessageSquareShare />}
                  reason={whyNotTold(run)}
                  onClick={() => tellAgents([run], 'changes')}
                >
                  Tell the agent
                </Button>
              </li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </div>
  );
}

function placesToMend({ findings }: RunInvariants, id: string): string {
  const count = findings.filter(({ invariant }) => invariant === id).length;
  return count === 0 ? '' : `, ${counted(count, 'place')} to mend`;
}

/** The runs that were given another version of an invariant, or none. */
function useBehind(invariant: string): readonly { run: Run; state: RunInvariants; given: string | null }[] {
  const invariants = useMirror((mirror) => mirror.invariants);
  const runs = useMirror((mirror) => mirror.runs);
  return Array.from(invariants?.values() ?? []).flatMap((state) => {
    const changed = state.behind.find(({ id }) => id === invariant);
    const run = runs?.get(state.runId);
    return changed && run ? [{ run, state, given: changed.given }] : [];
  });
}
