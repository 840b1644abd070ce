import {
  DndContext,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core';
import { LayoutGrid, Play, SquareTerminal } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { useMirror, useProject, useRun } from '#renderer/state/mirror.ts';
import { isLive } from '#renderer/state/run-actions.ts';
import { useTheme } from '#renderer/state/theme.ts';
import { maximumPanes, useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Menu } from '#renderer/ui/Menu.tsx';
import { StatusDot } from '#renderer/ui/StatusDot.tsx';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';

import { chooserItems, GridBar } from './GridBar.tsx';
import { GridGutter } from './GridGutter.tsx';
import {
  chooseShape,
  layOut,
  weightsFor,
  type Direction,
  type GridLayout,
  type GridWeights,
  type LayoutRules,
  type Rect,
} from './pane-layout.ts';
import { PaneSlot } from './PaneSlot.tsx';
import { readWeights, saveWeights } from './saved-weights.ts';
import { swapPanes } from './swap-panes.ts';
import { readAppearance } from './terminal-appearance.ts';
import { terminalSessions } from './terminal-sessions.ts';
import styles from './TerminalGrid.module.css';
import { movePaneTowards, useGridCommands } from './use-grid-commands.ts';
import { useHistoryCommands } from './use-history-commands.ts';
import { useSize } from './use-size.ts';

/**
 * For a font of 13 px, whose cells are about 7.8 by 15 px: at least 38 columns by 9 rows can be read, 64 by 25 are
 * comfortable. Both grow with the font.
 */
function rulesFor(fontSize: number): LayoutRules {
  const scale = fontSize / 13;
  return {
    gutter: 6,
    minimum: { width: Math.round(316 * scale), height: Math.round(180 * scale) },
    scrolledHeight: Math.round(240 * scale),
    comfortable: { width: Math.round(520 * scale), height: Math.round(420 * scale) },
  };
}

/** The terminals of the runs in view: 1 to 16, arranged by their number and the space, divided as the person likes. */
export function TerminalGrid(): ReactNode {
  const project = useProject();
  const { runIds, focused, maximised } = useView((view) => view.grid);
  const runs = useMirror((mirror) => mirror.runs);
  const settings = useMirror((mirror) => mirror.settings);
  const theme = useTheme();
  const places = useRef<readonly Rect[]>([]);

  useLayoutEffect(() => {
    terminalSessions.enterProject(project.id);
  }, [project.id]);
  useLayoutEffect(() => {
    terminalSessions.setAppearance(readAppearance(getComputedStyle(document.documentElement), settings));
  }, [settings, theme]);
  useGridCommands(places);
  useHistoryCommands();

  const shown = useMemo(() => runIds.filter((id) => runs?.has(id)), [runIds, runs]);
  useLayoutEffect(() => {
    terminalSessions.setShown(shown.length);
  }, [shown.length]);
  const candidates = useMemo(() => candidatesOf(runs ?? new Map(), shown), [runs, shown]);
  const maximisedRun = useRun(shown.length > 1 ? maximised : null);
  const [measure, space] = useSize();
  const rules = rulesFor(settings?.terminalFontSize ?? 13);
  const shape = space ? chooseShape(shown.length, space, rules) : [];
  const { weights, isDivided, setWeights, commitWeights } = useWeights(shape);
  const layout = space && layOut(space, weights, rules);
  useEffect(() => {
    places.current = layout?.panes ?? [];
  });

  const movePane = useCallback((id: RunId, direction: Direction) => {
    movePaneTowards(id, direction, places.current);
  }, []);

  if (runs === null) return null;
  if (shown.length === 0) return <EmptyGrid candidates={candidates} />;
  return (
    <div className={styles.grid}>
      <GridBar
        candidates={candidates}
        shown={shown}
        maximised={maximisedRun}
        isDivided={isDivided}
        onEqualise={() => {
          commitWeights(null);
        }}
      />
      <div ref={measure} className={styles.space}>
        {layout ? (
          <Canvas
            runIds={shown}
            focused={focused}
            maximised={maximisedRun?.id ?? null}
            layout={layout}
            whole={{ left: 0, top: 0, ...space }}
            weights={weights}
            rules={rules}
            onMovePane={movePane}
            onDivide={setWeights}
            onDivided={commitWeights}
          />
        ) : null}
      </div>
    </div>
  );
}

interface CanvasProps {
  runIds: readonly RunId[];
  focused: RunId | null;
  maximised: RunId | null;
  layout: GridLayout;
  /** The space that is in sight. */
  whole: Rect;
  weights: GridWeights;
  rules: LayoutRules;
  onMovePane: (id: RunId, direction: Direction) => void;
  onDivide: (weights: GridWeights) => void;
  onDivided: (weights: GridWeights | null) => void;
}

/** The panes and the lines between them, on a space that scrolls when they would be too small to read. */
function Canvas(props: CanvasProps): ReactNode {
  const { runIds, focused, maximised, layout, whole, weights, rules, onMovePane, onDivide, onDivided } = props;
  const [dragged, setDragged] = useState<RunId | null>(null);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }));

  const drop = ({ active, over }: DragEndEvent): void => {
    setDragged(null);
    if (!over || over.id === active.id) return;
    useView.getState().arrangePanes(swapPanes(runIds, active.id as RunId, over.id as RunId));
  };
  const rectOf = (id: RunId, index: number): Rect | null => {
    if (maximised === null) return layout.panes[index] ?? null;
    return maximised === id ? whole : null;
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={({ active }) => {
        setDragged(active.id as RunId);
      }}
      onDragEnd={drop}
      onDragCancel={() => {
        setDragged(null);
      }}
    >
      <div className={styles.canvas} style={{ height: maximised === null ? layout.height : whole.height }}>
        {runIds.map((id, index) => (
          <PaneSlot
            key={id}
            runId={id}
            index={index}
            rect={rectOf(id, index)}
            isFocused={id === (maximised ?? focused)}
            isMaximised={id === maximised}
            onMove={onMovePane}
          />
        ))}
        {maximised === null
          ? layout.gutters.map((gutter) => (
              <GridGutter
                key={`${gutter.orientation}-${String(gutter.row)}-${String(gutter.column)}`}
                gutter={gutter}
                weights={weights}
                space={whole}
                rules={rules}
                onDivide={onDivide}
                onDivided={onDivided}
              />
            ))
          : null}
      </div>
      <DragOverlay dropAnimation={null}>{dragged === null ? null : <DraggedPane id={dragged} />}</DragOverlay>
    </DndContext>
  );
}

function DraggedPane({ id }: { id: RunId }): ReactNode {
  const run = useRun(id);
  if (!run) return null;
  return (
    <div className={styles.dragged}>
      <StatusDot kind={run.status.kind} />
      <span>{run.spec.title}</span>
    </div>
  );
}

/** How the grid of this shape is divided in this project: as the person left it, or equally. */
function useWeights(shape: readonly number[]): {
  weights: GridWeights;
  isDivided: boolean;
  setWeights: (weights: GridWeights) => void;
  commitWeights: (weights: GridWeights | null) => void;
} {
  const { id } = useProject();
  const name = `${id}/${shape.join('+')}`;
  const [present, setPresent] = useState(() => ({ name, weights: readWeights(id, shape) }));
  if (present.name !== name) setPresent({ name, weights: readWeights(id, shape) });
  const chosen = present.name === name ? present.weights : null;
  return {
    weights: weightsFor(shape, chosen),
    isDivided: chosen !== null,
    setWeights: (weights) => {
      setPresent({ name, weights });
    },
    commitWeights: (weights) => {
      setPresent({ name, weights });
      saveWeights(id, shape, weights);
    },
  };
}

/** The runs that can be shown: those with a terminal or on the way to one, and those that are shown already. */
function candidatesOf(runs: ReadonlyMap<RunId, Run>, shown: readonly RunId[]): Run[] {
  return Array.from(runs.values()).filter((run) => run.terminalId !== null || isLive(run) || shown.includes(run.id));
}

function EmptyGrid({ candidates }: { candidates: readonly Run[] }): ReactNode {
  const view = useView.getState();
  const specs = useMirror((mirror) => mirror.specs);
  const running = candidates.filter(isLive);
  if (candidates.length === 0) {
    const slugs = specs?.specs.map((spec) => spec.slug) ?? [];
    return (
      <EmptyState
        icon={<SquareTerminal />}
        title="No agent has been spawned yet"
        actions={
          slugs.length > 0 ? (
            <Button
              variant="primary"
              icon={<Play />}
              onClick={() => {
                view.openDialog({ kind: 'spawn', slugs });
              }}
            >
              Spawn agents
            </Button>
          ) : (
            <Button
              variant="primary"
              onClick={() => {
                view.openDialog({ kind: 'new-spec' });
              }}
            >
              Write a spec
            </Button>
          )
        }
      >
        Each run gets a terminal of its own here.{' '}
        {slugs.length > 0
          ? 'Choose which specs to start, and with which agents.'
          : 'It begins with a spec: a page that says what is to be done and how that is proved.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<LayoutGrid />}
      title="No terminal in view"
      actions={
        <>
          {running.length > 0 ? (
            <Button
              variant="primary"
              onClick={() => {
                view.arrangePanes(running.slice(0, maximumPanes).map((run) => run.id));
              }}
            >
              {running.length > maximumPanes
                ? `Show the first ${String(maximumPanes)} that run`
                : running.length === 1
                  ? 'Show the one that runs'
                  : `Show the ${String(running.length)} that run`}
            </Button>
          ) : null}
          <Menu trigger={<Button>Choose…</Button>} items={chooserItems(candidates, [])} />
        </>
      }
    >
      {running.length > 0
        ? 'Agents are at work all the same. Show them here, or open one from its card on the board.'
        : 'No agent is running now. What the earlier ones did can still be read.'}
    </EmptyState>
  );
}
