import { ChevronRight, Minus, Plus, RefreshCw } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Agent, PermissionMode } from '#shared/contract/agents.ts';
import type { AgentId } from '#shared/ids.ts';

import styles from './AgentPicks.module.css';
import { ModePick } from './ModePick.tsx';

const mostVariants = 8;

interface AgentPicksProps {
  title: string;
  agents: readonly Agent[];
  picked: ReadonlyMap<AgentId, number>;
  onPick: (agentId: AgentId, variants: number) => void;
  /** How much an agent may do unasked, in this project. */
  onMode: (agentId: AgentId, mode: PermissionMode) => void;
  /** The person has installed one meanwhile. */
  onLookAgain: () => void;
}

/**
 * Which agents a spec goes to, and how many runs of each. CLIs that are not installed are folded away, each with how to
 * install it; one that is picked all the same stays in sight.
 */
export function AgentPicks({ title, agents, picked, onPick, onMode, onLookAgain }: AgentPicksProps): ReactNode {
  const [showsMissing, setShowsMissing] = useState(false);
  const isFolded = (agent: Agent): boolean => agent.availability.kind === 'missing' && !picked.has(agent.id);
  const missing = agents.filter(isFolded);
  const rows = (shown: readonly Agent[]): ReactNode => (
    <div>
      {shown.map((agent) => (
        <AgentRow
          key={agent.id}
          agent={agent}
          variants={picked.get(agent.id) ?? 0}
          onPick={(variants) => {
            onPick(agent.id, variants);
          }}
          onMode={(mode) => {
            onMode(agent.id, mode);
          }}
        />
      ))}
    </div>
  );
  const isMissed =
    showsMissing || agents.some((agent) => agent.availability.kind === 'missing' && picked.has(agent.id));
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{title}</legend>
      {rows(agents.filter((agent) => !isFolded(agent)))}
      {missing.length > 0 ? (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={showsMissing}
          onClick={() => setShowsMissing(!showsMissing)}
        >
          <ChevronRight className={classNames(styles.chevron, showsMissing && styles.open)} aria-hidden />
          Not installed: {missing.map((agent) => agent.label).join(', ')}
        </button>
      ) : null}
      {showsMissing ? rows(missing) : null}
      {isMissed ? (
        <div className={styles.again}>
          <Button size="sm" variant="ghost" icon={<RefreshCw />} onClick={onLookAgain}>
            Look again
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

function AgentRow({
  agent,
  variants,
  onPick,
  onMode,
}: {
  agent: Agent;
  variants: number;
  onPick: (variants: number) => void;
  onMode: (mode: PermissionMode) => void;
}): ReactNode {
  const missing = agent.availability.kind === 'missing' ? agent.availability : null;
  const isOn = variants > 0;
  const id = useId();
  return (
    <div className={classNames(styles.row, isOn && styles.on, missing !== null && styles.missing)}>
      <div className={styles.main}>
        <div className={styles.agent}>
          <input
            id={id}
            type="checkbox"
            className={styles.box}
            checked={isOn}
            disabled={missing !== null && !isOn}
            onChange={(event) => {
              onPick(event.target.checked ? 1 : 0);
            }}
          />
          <div className={styles.words}>
            <span className={styles.name}>
              <label htmlFor={id}>{agent.label}</label>
              {agent.isForDemos ? (
                <Tooltip content="Our own small deterministic agent: it needs no model and writes only the files that a spec quotes.">
                  <Badge quiet>for demos</Badge>
                </Tooltip>
              ) : null}
              {agent.source === 'config' ? <Badge quiet>from the project</Badge> : null}
            </span>
            <span className={styles.detail}>{missing ? <Missing {...missing} /> : presence(agent)}</span>
          </div>
        </div>
        {isOn ? (
          <span className={styles.stepper}>
            <IconButton
              size="sm"
              label={`One run of ${agent.label} less`}
              icon={<Minus />}
              onClick={() => {
                onPick(variants - 1);
              }}
            />
            <span className={styles.number} aria-live="polite">
              ×{variants}
            </span>
            <IconButton
              size="sm"
              label={`One run of ${agent.label} more`}
              icon={<Plus />}
              reason={
                variants >= mostVariants ? `At most ${String(mostVariants)} runs of one agent on one spec.` : null
              }
              onClick={() => {
                onPick(variants + 1);
              }}
            />
          </span>
        ) : null}
      </div>
      {isOn ? <ModePick agent={agent} onPick={onMode} /> : null}
    </div>
  );
}

function Missing({ command, install }: { command: string; install: string }): ReactNode {
  return (
    <>
      <code>{command}</code> is not installed: <code className={styles.install}>{install}</code>
    </>
  );
}

function presence(agent: Agent): string {
  if (agent.availability.kind === 'checking') return 'Looking for it…';
  const version = agent.availability.kind === 'available' ? agent.availability.version : null;
  return version === null ? agent.description : `${agent.description} ${version}`;
}
