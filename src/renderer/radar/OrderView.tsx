import { ArrowDown, ArrowUp, GripVertical, ListOrdered, Wand2 } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { Select } from '#renderer/ui/Select.tsx';
import type { MergeOrder, OrderStep, RadarState } from '#shared/contract/radar.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

import { moved } from './moved.ts';
import { StartTrain } from './StartTrain.tsx';
import styles from './OrderView.module.css';

/** The order of the fewest collisions, with the reason for each place; moved by hand, its cost is seen at once. */
export function OrderView({ radar }: { radar: RadarState }): ReactNode {
  const bases = [...new Set(radar.branches.map(({ base }) => base))];
  const [chosenBase, setChosenBase] = useState<string | null>(null);
  const base = chosenBase !== null && bases.includes(chosenBase) ? chosenBase : (bases[0] ?? '');
  const ids = radar.branches.filter((branch) => branch.base === base).map(({ id }) => id);
  const { order, failure, isWorking, propose, rearrange } = useMergeOrder(ids, radar);
  if (ids.length === 0) {
    return (
      <EmptyState icon={<ListOrdered />} title="There is nothing to merge">
        Once there are branches, this shows in which order they would best be merged, and sends those that you keep
        through the gates into their base.
      </EmptyState>
    );
  }
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        {bases.length > 1 ? (
          <Select
            label="Base"
            value={base}
            onChange={setChosenBase}
            options={bases.map((name) => ({ value: name, label: `into ${name}` }))}
          />
        ) : (
          <span className={styles.base}>into {base}</span>
        )}
        <span className={styles.cost} role="status">
          {order ? costWords(order) : null}
        </span>
        <Button size="sm" icon={<Wand2 />} busy={isWorking} onClick={propose}>
          Propose an order
        </Button>
        <StartTrain ids={order?.steps.map(({ id }) => id as RunId) ?? []} />
      </div>
      {failure === null ? null : (
        <Callout tone="error" title="The order could not be worked out">
          {failure} Nothing was changed.
        </Callout>
      )}
      {order ? (
        <OrderList steps={order.steps} onMove={rearrange} />
      ) : failure === null ? (
        <Loading label="Trying orders" />
      ) : null}
    </div>
  );
}

function costWords({ steps, collisions }: MergeOrder): string {
  if (steps.length === 1) return collisions === 0 ? 'The only branch; it merges.' : 'The only branch; it collides.';
  return collisions === 0
    ? `All ${String(steps.length)} merge in this order.`
    : `${String(steps.length - collisions)} of ${String(steps.length)} merge in this order, ${counted(collisions, 'collides', 'collide')}.`;
}

interface OrderListProps {
  steps: readonly OrderStep[];
  onMove: (from: number, to: number) => void;
}

function OrderList({ steps, onMove }: OrderListProps): ReactNode {
  const runs = useMirror((mirror) => mirror.runs);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const titleOf = (id: string): string => runs?.get(id as RunId)?.spec.title ?? id;
  return (
    <ol className={styles.list} aria-label="The order of merges">
      {steps.map((step, index) => (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dragging is one way; the buttons are the other
        <li
          key={step.id}
          className={classNames(styles.step, dragged === index && styles.dragged, over === index && styles.over)}
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            setDragged(index);
          }}
          onDragOver={(event) => {
            if (dragged === null) return;
            event.preventDefault();
            setOver(index);
          }}
          onDragEnd={() => {
            setDragged(null);
            setOver(null);
          }}
          onDrop={(event) => {
            event.preventDefault();
            if (dragged !== null && dragged !== index) onMove(dragged, index);
            setDragged(null);
            setOver(null);
          }}
        >
          <GripVertical className={styles.grip} aria-hidden />
          <span className={styles.number}>{index + 1}</span>
          <div className={styles.what}>
            <p className={styles.title}>
              {titleOf(step.id)} <Outcome step={step} />
            </p>
            <p className={styles.reason}>{step.reason}</p>
            {step.outcome.kind === 'conflicts' && step.outcome.with.length > 0 ? (
              <p className={styles.reason}>
                With {step.outcome.with.map(titleOf).join(', ')}:{' '}
                {step.outcome.conflicts
                  .slice(0, 3)
                  .map(({ path }) => path)
                  .join(', ')}
                {step.outcome.conflicts.length > 3 ? ` and ${String(step.outcome.conflicts.length - 3)} more` : ''}{' '}
                <button
                  type="button"
                  className={styles.link}
                  onClick={() => {
                    const [other] = step.outcome.kind === 'conflicts' ? step.outcome.with : [];
                    if (other !== undefined) useView.getState().showRadar({ a: step.id as RunId, b: other as RunId });
                  }}
                >
                  show
                </button>
              </p>
            ) : null}
          </div>
          <div className={styles.buttons}>
            <IconButton
              size="sm"
              label={`Move ${titleOf(step.id)} up`}
              icon={<ArrowUp />}
              reason={index === 0 ? 'It is the first already.' : null}
              onClick={() => {
                onMove(index, index - 1);
              }}
            />
            <IconButton
              size="sm"
              label={`Move ${titleOf(step.id)} down`}
              icon={<ArrowDown />}
              reason={index === steps.length - 1 ? 'It is the last already.' : null}
              onClick={() => {
                onMove(index, index + 1);
              }}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Outcome({ step }: { step: OrderStep }): ReactNode {
  return step.outcome.kind === 'clean' ? (
    <Badge tone="success">merges</Badge>
  ) : (
    <Badge tone="danger">{counted(step.outcome.conflicts.length, 'file collides', 'files collide')}</Badge>
  );
}

interface Ordering {
  order: MergeOrder | null;
  failure: string | null;
  isWorking: boolean;
  propose: () => void;
  rearrange: (from: number, to: number) => void;
}

/** The proposed order of these branches, or the person's, worked out anew whenever the branches have changed. */
function useMergeOrder(ids: readonly RunId[], radar: RadarState): Ordering {
  const project = useProject();
  const [answer, setAnswer] = useState<{ question: string; order: MergeOrder | null; failure: string | null } | null>(
    null,
  );
  /** The person's own order; null: the proposed one. */
  const [own, setOwn] = useState<readonly RunId[] | null>(null);
  const kept = own?.filter((id) => ids.includes(id)) ?? null;
  const list = kept ? [...kept, ...ids.filter((id) => !kept.includes(id))] : ids;
  const question = JSON.stringify([kept ? 'given' : 'proposed', list, radar.at]);
  useEffect(() => {
    const [how, present] = JSON.parse(question) as ['given' | 'proposed', RunId[]];
    if (present.length === 0) return undefined;
    let isCurrent = true;
    perform('Work out the merge order', async () => {
      const worked = await host.radar.order({ projectId: project.id, ids: present, order: how });
      if (!isCurrent) return;
      if (worked.ok) setAnswer({ question, order: worked.value, failure: null });
      else {
        const failure = worked.error.kind === 'run-missing' ? 'A branch is gone.' : worked.error.message;
        setAnswer((before) => ({ question, order: before?.order ?? null, failure }));
      }
    });
    return () => {
      isCurrent = false;
    };
  }, [project.id, question]);
  const order = answer?.order ?? null;
  return {
    order,
    failure: answer?.failure ?? null,
    isWorking: answer?.question !== question,
    propose: () => {
      setOwn(null);
    },
    rearrange: (from, to) => {
      if (order)
        setOwn(
          moved(
            order.steps.map(({ id }) => id as RunId),
            from,
            to,
          ),
        );
    },
  };
}
