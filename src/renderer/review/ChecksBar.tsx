import { ChevronDown, ChevronRight, ListChecks, Play, Square } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { countWords, hasFailed, summarise } from '#renderer/state/check-summary.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { startChecks } from '#renderer/state/start-checks.ts';
import { useTargets } from '#renderer/state/targets.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { CheckState } from '#shared/contract/gates.ts';
import type { Run } from '#shared/contract/runs.ts';

import { CheckOutput } from './CheckOutput.tsx';
import { CheckRow } from './CheckRow.tsx';
import { InvariantRows } from './InvariantRows.tsx';
import { invariantWords } from './invariant-words.ts';
import styles from './ChecksBar.module.css';

/**
 * What is checked about a run: the rules of the project, its gates, and the criteria of the spec, with the evidence of each.
 */
export function ChecksBar({ run }: { run: Run }): ReactNode {
  const checks = useMirror((mirror) => mirror.checks?.get(run.id));
  const [isOpen, setIsOpen] = useState(false);
  const [shown, setShown] = useState<CheckState | null>(null);
  // Whoever came here because of a check is shown the checks.
  const target = useTargets((targets) => targets.checks);
  const [aimed, setAimed] = useState<typeof target>(null);
  if (target !== aimed) {
    setAimed(target);
    if (target?.runId === run.id) setIsOpen(true);
  }
  const all = checks?.checks ?? [];
  const invariants = useMirror((mirror) => mirror.invariants?.get(run.id));
  const { gates, criteria, commands } = summarise(checks);
  const isBusy = gates.underWay + criteria.underWay + commands.underWay > 0;
  const words = [
    countWords(gates, 'gates'),
    countWords(commands, 'invariant checks'),
    countWords(criteria, 'criteria'),
    ...invariantWords(invariants),
  ].filter((each) => each !== null);
  const isBad = [gates, criteria, commands].some(hasFailed) || (invariants?.findings.length ?? 0) > 0;
  const isEmpty = words.length === 0;
  return (
    <section className={styles.checks} aria-label="Checks">
      <div className={styles.bar}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          disabled={isEmpty}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          {isEmpty ? <ListChecks /> : isOpen ? <ChevronDown /> : <ChevronRight />}
          <span data-tone={isBad ? 'failed' : undefined} aria-live="polite">
            {words.length > 0 ? words.join(' · ') : noChecks}
          </span>
        </button>
        {isBusy ? (
          <Button
            size="sm"
            icon={<Square />}
            onClick={() => {
              perform('Cancel the checks', async () => {
                await host.gates.cancel({ id: run.id });
              });
            }}
          >
            Cancel
          </Button>
        ) : (
          <Button
            size="sm"
            variant="ghost"
            icon={<Play />}
            reason={whyNoChecks(run, all)}
            onClick={() => {
              startChecks(run, null, false);
            }}
          >
            Run checks
          </Button>
        )}
      </div>
      {isOpen && !isEmpty ? (
        <ul className={styles.list} aria-label="Checks of this run">
          {invariants ? <InvariantRows run={run} known={invariants} /> : null}
          {all.map((check) => (
            <CheckRow
              key={check.id}
              check={check}
              isBusy={isBusy}
              onRun={() => {
                startChecks(run, [check.id], true);
              }}
              onShow={() => {
                setShown(check);
              }}
              onAnswer={(met) => {
                answer(run, check, met);
              }}
            />
          ))}
        </ul>
      ) : null}
      {shown?.evidence ? (
        <CheckOutput
          projectId={run.projectId}
          check={shown}
          evidence={shown.evidence}
          onClose={() => {
            setShown(null);
          }}
        />
      ) : null}
    </section>
  );
}

const noChecks = 'Nothing is checked: no gates in .switchyard/config.yaml, no acceptance in the spec';

function whyNoChecks(run: Run, all: readonly CheckState[]): string | null {
  if (!run.presence.worktree) return 'Its worktree is gone: checks run on the files in it.';
  if (all.length === 0) return 'Neither the project nor the spec says what to check.';
  if (all.every(({ state }) => state === 'unreadable')) return 'What is to be checked cannot be read.';
  return all.some(({ command }) => command !== null) ? null : 'No check has a command; the others are yours to answer.';
}

function answer(run: Run, check: CheckState, met: boolean): void {
  perform('Answer the criterion', async () => {
    const answered = await host.gates.answer({ id: run.id, check: check.id, met, note: '' });
    if (!answered.ok) {
      notify.warn({ title: 'The answer was not kept', description: 'The run’s worktree, or the criterion, is gone.' });
    }
  });
}
