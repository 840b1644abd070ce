import { Split } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { Select } from '#renderer/ui/Select.tsx';
import type { SpecSummary } from '#shared/contract/specs.ts';
import { assertNever } from '#shared/result.ts';

/** Asks an agent to draft smaller specs from one. It works like any other run; its drafts are the person's to accept. */
export function SplitDialog({ spec, onClose }: { spec: SpecSummary; onClose: () => void }): ReactNode {
  const project = useProject();
  const agents = (useMirror((mirror) => mirror.agents) ?? []).filter(({ takesPrompt }) => takesPrompt);
  const available = agents.filter(({ availability }) => availability.kind !== 'missing');
  const wanted = available.find(({ id }) => spec.agents.includes(id)) ?? available[0];
  const [agentId, setAgentId] = useState(wanted?.id ?? null);
  const [refusal, setRefusal] = useState<readonly string[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const agent = agents.find(({ id }) => id === agentId);

  const start = (): void => {
    if (agentId === null) return;
    perform('Split the spec', async () => {
      setIsBusy(true);
      setRefusal([]);
      try {
        const request = { slug: spec.slug, agentId, variants: 1, base: null, branch: null, task: 'split' as const };
        const spawned = await host.runs.spawn({ projectId: project.id, requests: [request] });
        if (spawned.ok) {
          onClose();
          for (const id of spawned.value) useView.getState().openTerminal(id);
          return;
        }
        switch (spawned.error.kind) {
          case 'refused':
            setRefusal(spawned.error.obstacles);
            return;
          case 'not-trusted':
            useView.getState().openDialog({ kind: 'trust' });
            return;
          default:
            assertNever(spawned.error);
        }
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
      title={`Split “${spec.title}”`}
      description="An agent reads the spec and the code, in a worktree of its own, and drafts several smaller specs with footprints that do not meet. You see them, edit them and choose before anything is written into specs/. This spec stays."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={<Split />}
            busy={isBusy}
            reason={agentId === null ? 'No agent is there that takes a prompt. Install one first.' : null}
            onClick={start}
          >
            Draft smaller specs
          </Button>
        </>
      }
    >
      {agentId === null ? null : (
        <Select
          label="Drafted by"
          value={agentId}
          options={agents.map(({ id, label, availability, isForDemos }) => ({
            value: id,
            label: isForDemos ? `${label} (for demos)` : label,
            reason: availability.kind === 'missing' ? `Not there. To get it: ${availability.install}` : null,
          }))}
          hint={
            agent?.isForDemos
              ? 'It has no model: it makes one spec of each point of the acceptance, and understands nothing.'
              : undefined
          }
          onChange={setAgentId}
        />
      )}
      {refusal.length > 0 ? (
        <Callout tone="error" title="Nothing was begun">
          {refusal.join(' ')}
        </Callout>
      ) : null}
    </Dialog>
  );
}
