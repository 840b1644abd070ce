import { SendHorizontal } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { isLive } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Select } from '#renderer/ui/Select.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Agent } from '#shared/contract/agents.ts';
import type { ConflictHelp, Solver } from '#shared/contract/conflicts.ts';
import type { Run } from '#shared/contract/runs.ts';

import { askFailure } from './conflict-failures.ts';
import styles from './ConflictSection.module.css';
import { solverChoices, solverOf, type SolverChoice } from './solver-choices.ts';
import { WaitingForAgent } from './WaitingForAgent.tsx';

interface AskAgentProps {
  run: Run;
  help: ConflictHelp | null;
  /** The message to the run's own agent, to begin from. */
  text: string;
  onClose: () => void;
}

/** Who is asked to solve a conflict, and with which words. */
export function AskAgent({ run, help, text: first, onClose }: AskAgentProps): ReactNode {
  const runs = useMirror((mirror) => mirror.runs);
  const agents = useMirror((mirror) => mirror.agents);
  const [who, setWho] = useState<SolverChoice['value']>('same');
  // Whoever knows the branch is told other things than whoever does not; what the person writes stays with its kind.
  const [texts, setTexts] = useState<Partial<Record<Solver['kind'], string>>>({ same: first, 'hand-over': first });
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const solver = solverOf(who);
  const text = texts[solver.kind] ?? '';
  const other = solver.kind === 'run' ? (runs?.get(solver.id) ?? null) : null;
  const agent = 'agentId' in solver ? (agents?.find(({ id }) => id === solver.agentId) ?? null) : null;

  const choose = (value: SolverChoice['value']): void => {
    setWho(value);
    setProblem(null);
    const { kind } = solverOf(value);
    if (texts[kind] !== undefined) return;
    perform('Put the message together', async () => {
      const made = await host.conflicts.brief({ id: run.id, to: kind });
      if (made.ok) setTexts((before) => ({ ...before, [kind]: before[kind] ?? made.value.text }));
      else setProblem('The conflict cannot be looked at any more. Nothing was sent.');
    });
  };
  const send = (): void => {
    perform('Ask the agent', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const asked = await host.conflicts.ask({ id: run.id, text, to: solver });
        if (!asked.ok) {
          setProblem(askFailure(asked.error));
          if (asked.error.kind === 'not-trusted') useView.getState().openDialog({ kind: 'trust' });
          return;
        }
        onClose();
        notify.success({
          title: `${labelOf(run, other, agent)} was asked to solve it`,
          description: whatComesNext(run, solver),
          action: { label: 'Terminal', run: () => useView.getState().openTerminal(asked.value.run) },
        });
      } finally {
        setIsBusy(false);
      }
    });
  };
  return (
    <div className={styles.ask}>
      <Select
        size="sm"
        label="Who solves it"
        value={who}
        options={solverChoices(run, { help, runs: [...(runs?.values() ?? [])], agents: agents ?? [] })}
        onChange={choose}
      />
      {solver.kind === 'hand-over' && isLive(run) ? (
        <Callout tone="warning" compact>
          {run.agent.label} is still running. It will be ended; its files stay as they are.
        </Callout>
      ) : null}
      {help?.isUncommitted && (solver.kind === 'run' || solver.kind === 'new') ? (
        <Callout tone="warning" compact>
          This run has files that are not committed. Only what is committed on {run.branch} is brought in.
        </Callout>
      ) : null}
      <TextField
        label={messageLabel(run, solver, { other, agent })}
        mono
        lines={10}
        value={text}
        error={problem}
        onChange={(changed) => setTexts((before) => ({ ...before, [solver.kind]: changed }))}
      />
      {isBusy && (solver.kind === 'same' || solver.kind === 'run') ? (
        <WaitingForAgent label={labelOf(run, other, agent)} />
      ) : null}
      <div className={styles.askActions}>
        <Button size="sm" onClick={onClose}>
          Not now
        </Button>
        <Button
          size="sm"
          variant="primary"
          icon={<SendHorizontal />}
          busy={isBusy}
          reason={text.trim() === '' ? 'There is nothing to send.' : null}
          onClick={send}
        >
          Send
        </Button>
      </div>
    </div>
  );
}

const labelOf = (run: Run, other: Run | null, agent: Agent | null): string =>
  other?.agent.label ?? agent?.label ?? run.agent.label;

function messageLabel(run: Run, solver: Solver, { other, agent }: { other: Run | null; agent: Agent | null }): string {
  const label = labelOf(run, other, agent);
  switch (solver.kind) {
    case 'hand-over':
      return `${label} is sent the spec, what was done, and this`;
    case 'new':
      return `${label} is sent the spec and this, on a branch of its own`;
    case 'same':
    case 'run':
      return isLive(other ?? run)
        ? `This is typed into the terminal of ${label}`
        : `${label} is resumed, and then gets this`;
  }
}

function whatComesNext(run: Run, { kind }: Solver): string {
  switch (kind) {
    case 'same':
      return 'When it has merged, this says so. The checks of both sides have to pass on the result.';
    case 'hand-over':
      return 'It works in the same worktree now. The checks of both sides have to pass on the result.';
    case 'run':
    case 'new':
      return `Its branch brings ${run.branch} in, and is merged in its place. The checks of both sides have to pass on it.`;
  }
}
