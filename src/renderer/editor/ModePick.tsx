import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

import { Select } from '#renderer/ui/Select.tsx';
import type { Agent, PermissionMode } from '#shared/contract/agents.ts';

import styles from './ModePick.module.css';

/** The same words for every agent; what a mode means for this one stands below it. */
const modeWords: Readonly<Record<PermissionMode, string>> = {
  plan: 'Plan only',
  ask: 'Ask first',
  edits: 'Edit files, ask about the rest',
  auto: 'Decide for itself when to ask',
  skip: 'Skip all permissions (dangerous)',
};

/** How much an agent may do before it asks. The choice holds for this project, and is kept. */
export function ModePick({ agent, onPick }: { agent: Agent; onPick: (mode: PermissionMode) => void }): ReactNode {
  const { mode, modes } = agent;
  const chosen = modes.find(({ id }) => id === mode);
  if (!chosen) return null;
  const isDangerous = chosen.id === 'skip';
  return (
    <div className={styles.pick}>
      <Select
        size="sm"
        hideLabel
        label={`What ${agent.label} may do unasked`}
        value={chosen.id}
        reason={modes.length === 1 ? `${agent.label} has no other mode.` : null}
        options={modes.map(({ id, description }) => ({ value: id, label: modeWords[id], description }))}
        onChange={onPick}
      />
      <span className={styles.meaning} data-dangerous={isDangerous || undefined}>
        {isDangerous ? <TriangleAlert className={styles.sign} aria-label="Dangerous:" role="img" /> : null}
        {chosen.description}
      </span>
    </div>
  );
}
