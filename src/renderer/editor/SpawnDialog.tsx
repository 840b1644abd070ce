import { GitBranch, Play } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { footprintsOf, footprintsUnderWay } from '#renderer/state/footprints.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { perform, reportFault } from '#renderer/ui/notify.ts';
import { Select } from '#renderer/ui/Select.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { PlannedRun } from '#shared/contract/runs.ts';
import { footprintOverlaps } from '#shared/footprint/footprint.ts';
import type { SpecSlug } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';

import { AgentPicks } from './AgentPicks.tsx';
import { FootprintNotice } from './FootprintNotice.tsx';
import { PlannedRuns } from './PlannedRuns.tsx';
import { firstPicks, requestsOf, withPick, type Picks } from './spawn-requests.ts';
import styles from './SpawnDialog.module.css';

export interface SpawnDialogProps {
  open: boolean;
  slugs: readonly SpecSlug[];
  onClose: () => void;
}

/** Each spec names its own base, or has none and takes the project's. No branch can have this name. */
const asSpecsSay = ':as-specs-say';
const planDelayMilliseconds = 200;
const lastAgentKey = 'switchyard.lastAgent';

/** Which agents, how often, from which base, on which branch, with what prompt: all of it seen before anything is made. */
export function SpawnDialog({ open, slugs, onClose }: SpawnDialogProps): ReactNode {
  // Mounted anew for each opening, so that it starts from what is true then.
  return open ? <OpenSpawnDialog slugs={slugs} onClose={onClose} /> : null;
}

function OpenSpawnDialog({ slugs, onClose }: Omit<SpawnDialogProps, 'open'>): ReactNode {
  const project = useProject();
  const agents = useMirror((mirror) => mirror.agents) ?? [];
  const allSpecs = useMirror((mirror) => mirror.specs?.specs) ?? [];
  // In the order in which they were asked for, which is the board's.
  const specs = slugs.flatMap((slug) => allSpecs.find((spec) => spec.slug === slug) ?? []);
  const [picks, setPicks] = useState<Picks>(() => firstPicks(specs, agents, localStorage.getItem(lastAgentKey)));
  const [base, setBase] = useState(asSpecsSay);
  const [branch, setBranch] = useState('');
  const [refusal, setRefusal] = useState<readonly string[]>([]);
  const [isSpawning, setIsSpawning] = useState(false);

  const runs = useMirror((mirror) => mirror.runs);
  const picked = specs.filter(({ slug }) => (picks.get(slug)?.size ?? 0) > 0);
  const unsavedSpecs = useView((view) => view.unsavedSpecs);
  const unsaved = picked.filter(({ slug }) => unsavedSpecs.has(slug));
  const overlaps = footprintOverlaps(footprintsOf(picked), footprintsUnderWay(allSpecs, runs));

  const requests = useMemo(
    () =>
      requestsOf({
        picks,
        base: base === asSpecsSay ? null : base,
        branch: branch.trim() === '' ? null : branch.trim(),
      }),
    [picks, base, branch],
  );
  const planned = usePlan(requests);
  const obstacles = [...new Set(planned?.flatMap((run) => run.obstacles) ?? [])];
  const runCount = requests.reduce((sum, request) => sum + request.variants, 0);

  const spawn = (): void => {
    perform('Spawn agents', async () => {
      setIsSpawning(true);
      setRefusal([]);
      try {
        const spawned = await host.runs.spawn({ projectId: project.id, requests: [...requests] });
        if (spawned.ok) {
          const last = requests.at(-1);
          if (last) localStorage.setItem(lastAgentKey, last.agentId);
          onClose();
          const view = useView.getState();
          for (const id of spawned.value) view.openTerminal(id);
          return;
        }
        switch (spawned.error.kind) {
          case 'refused':
            setRefusal(spawned.error.obstacles);
            return;
          case 'not-trusted':
            onClose();
            useView.getState().openDialog({ kind: 'trust' });
            return;
          default:
            assertNever(spawned.error);
        }
      } finally {
        setIsSpawning(false);
      }
    });
  };

  const lookAgain = (): void => {
    perform('Look for the agents', async () => {
      await host.agents.refresh({ projectId: project.id });
    });
  };

  const reason = whyNot(runCount, planned, obstacles);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !isSpawning && reason === null) spawn();
    };
    addEventListener('keydown', onKeyDown);
    return () => {
      removeEventListener('keydown', onKeyDown);
    };
  });

  const single = specs.length === 1;
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      flush
      title={single ? `Spawn agents on “${specs[0]?.title ?? ''}”` : `Spawn agents on ${String(specs.length)} specs`}
      description="Each run gets a branch, a worktree and a terminal of its own. Your own checkout is not touched."
      footerStart={
        <span className={styles.count}>
          {runCount === 0 ? 'No agent is picked yet.' : runCount === 1 ? '1 run' : `${String(runCount)} runs at once`}
        </span>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" icon={<Play />} busy={isSpawning} keys="Mod+Enter" reason={reason} onClick={spawn}>
            {runCount > 1 ? `Spawn ${String(runCount)} runs` : 'Spawn'}
          </Button>
        </>
      }
    >
      <div className={styles.columns}>
        <div className={styles.choices}>
          {unsaved.length > 0 ? (
            <Callout tone="warning" title="Edits that are not saved are not sent">
              Agents get the text as it was saved last: {unsaved.map(({ title }) => `“${title}”`).join(', ')}.
            </Callout>
          ) : null}
          <FootprintNotice overlaps={overlaps} />
          {specs.map((spec) => (
            <AgentPicks
              key={spec.slug}
              title={single ? 'Agents' : spec.title}
              agents={agents}
              picked={picks.get(spec.slug) ?? new Map()}
              onPick={(agentId, variants) => {
                setPicks(withPick(picks, spec.slug, agentId, variants));
              }}
              onMode={(agentId, mode) => {
                perform('Choose what an agent may do', async () => {
                  await host.agents.chooseMode({ projectId: project.id, agentId, mode });
                });
              }}
              onLookAgain={lookAgain}
            />
          ))}
          <Select
            label="Base branch"
            value={base}
            mono
            options={[
              {
                value: asSpecsSay,
                label: single
                  ? (specs[0]?.base ?? project.defaultBase)
                  : `As each spec says, else ${project.defaultBase}`,
                description: single ? 'What the spec or the project says' : undefined,
              },
              ...project.branches.map((name) => ({ value: name, label: name })),
            ]}
            onChange={setBase}
          />
          <TextField
            label="Branch"
            mono
            icon={<GitBranch />}
            value={branch}
            placeholder={single ? (specs[0]?.branch ?? project.config.branchTemplate) : project.config.branchTemplate}
            hint="Empty: as the spec or the project’s template says. {slug}, {agent} and {variant} are filled in."
            reason={single ? null : 'Several specs: each takes its own name.'}
            onChange={setBranch}
          />
          {refusal.length > 0 ? (
            <Callout tone="error" title="Nothing was spawned">
              {refusal.join(' ')}
            </Callout>
          ) : null}
        </div>
        <PlannedRuns planned={planned} specs={specs} />
      </div>
    </Dialog>
  );
}

function whyNot(runCount: number, planned: readonly PlannedRun[] | null, obstacles: readonly string[]): string | null {
  if (runCount === 0) return 'Pick at least one agent.';
  if (runCount > 32) return 'At most 32 runs at once.';
  if (planned === null) return 'Looking at what this would make…';
  return obstacles[0] ?? null;
}

/** What the requests would make; null while that is being looked at. */
function usePlan(requests: ReturnType<typeof requestsOf>): readonly PlannedRun[] | null {
  const project = useProject();
  const [planned, setPlanned] = useState<{ of: typeof requests; runs: readonly PlannedRun[] } | null>(null);
  const agents = useMirror((mirror) => mirror.agents);
  const { branches, trust } = project;
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(() => {
      host.runs
        .plan({ projectId: project.id, requests: [...requests] })
        .then((answer) => {
          if (!isStale && answer.ok) setPlanned({ of: requests, runs: answer.value });
        })
        .catch((error: unknown) => {
          if (!isStale) reportFault('Look at what the spawn would make', error);
        });
    }, planDelayMilliseconds);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [project.id, requests, branches, trust, agents]);
  return planned?.of === requests ? planned.runs : null;
}
