import { Handshake } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { handOverProblem } from '#renderer/state/hand-over-problem.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { isLive } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Select } from '#renderer/ui/Select.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Run } from '#shared/contract/runs.ts';

import styles from './OpenInDialog.module.css';

/** Hands the work of a run to another agent, with a brief of what was done and what the person adds to it. */
export function ContinueDialog({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const agents = (useMirror((mirror) => mirror.agents) ?? []).filter(({ takesPrompt }) => takesPrompt);
  const available = agents.filter(({ availability }) => availability.kind !== 'missing');
  const wanted = available.find(({ id }) => id !== run.agent.id) ?? available[0];
  const [agentId, setAgentId] = useState(wanted?.id ?? null);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const chosen = agents.find(({ id }) => id === agentId);

  const handOver = (): void => {
    if (agentId === null) return;
    perform('Continue with another agent', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const handed = await host.runs.continueWith({ id: run.id, agentId, note });
        if (handed.ok) {
          onClose();
          useView.getState().openTerminal(run.id);
          notify.success({
            title: `${chosen?.label ?? agentId} goes on with “${run.spec.title}”`,
            description: 'What it was told is in the menu of the run.',
          });
          return;
        }
        setProblem(handOverProblem(run, handed.error));
      } finally {
        setIsBusy(false);
      }
    });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="sm"
      title={`Continue “${run.spec.title}” with…`}
      description={`Another agent goes on in the same worktree, on ${run.branch}. It is sent the spec again, with a brief: commits, changed files, how ${run.agent.label} stopped, what you decided.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={<Handshake />}
            busy={isBusy}
            reason={agentId === null ? 'No agent is there that takes a prompt. Install one first.' : null}
            onClick={handOver}
          >
            Hand over
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        {problem === null ? null : <Callout tone="error">{problem}</Callout>}
        {isLive(run) ? (
          <Callout tone="warning" compact>
            {run.agent.label} is still running. It will be ended; its files stay as they are.
          </Callout>
        ) : null}
        {agentId === null ? null : (
          <Select
            label="Agent"
            value={agentId}
            options={agents.map(({ id, label, availability, isForDemos }) => ({
              value: id,
              label: isForDemos ? `${label} (for demos)` : label,
              description: id === run.agent.id ? 'The same agent, in a new session.' : undefined,
              reason: availability.kind === 'missing' ? `Not there. To get it: ${availability.install}` : null,
            }))}
            onChange={setAgentId}
          />
        )}
        <TextField
          label="What you add"
          placeholder="Anything that it should know or do first. May be left empty."
          lines={4}
          value={note}
          onChange={setNote}
        />
      </div>
    </Dialog>
  );
}
