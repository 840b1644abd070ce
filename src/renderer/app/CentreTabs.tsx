import {
  ChartNoAxesColumn,
  Columns3,
  FileCode,
  FileText,
  GitCompareArrows,
  Inbox,
  Puzzle,
  Radar,
  Search,
  SquareTerminal,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';

import { useAttentionItems } from '#renderer/state/attention.ts';
import { collidingPairs } from '#renderer/state/collisions.ts';
import { useMirror, useRun, useSpec } from '#renderer/state/mirror.ts';
import { agentName } from '#renderer/state/run-words.ts';
import { useView } from '#renderer/state/view.ts';
import { classNames } from '#renderer/ui/class-names.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';

import styles from './CentreTabs.module.css';

/** What the centre can show now: the terminals, and the spec and the review that were open last. */
export function CentreTabs(): ReactNode {
  const centre = useView((view) => view.centre);
  const openSpec = useView((view) => view.openSpec);
  const openReview = useView((view) => view.openReview);
  const openVariants = useView((view) => view.openVariants);
  const compared = useSpec(openVariants);
  const terminals = useView((view) => view.grid.runIds.length);
  const openFile = useView((view) => view.openFile);
  const isSearchOpen = useView((view) => view.isSearchOpen);
  const isUnsaved = useView((view) => openSpec !== null && view.unsavedSpecs.has(openSpec));
  const spec = useSpec(openSpec);
  const reviewed = useRun(openReview);
  const isRadarOpen = useView((view) => view.isRadarOpen);
  const collisions = useMirror((mirror) => collidingPairs(mirror.radar));
  const waiting = useAttentionItems().length;
  const {
    showGrid,
    showInbox,
    showFigures,
    showPrompts,
    showSpec,
    showReview,
    showRadar,
    showVariants,
    closeVariants,
    closeSpec,
    closeReview,
    closeRadar,
  } = useView.getState();
  const { showSearch, closeSearch, showFile, closeFile } = useView.getState();
  return (
    <nav className={styles.tabs} aria-label="In the centre">
      <Tab
        icon={<SquareTerminal />}
        label="Terminals"
        count={terminals}
        isCurrent={centre.kind === 'grid' || centre.kind === 'welcome'}
        onShow={showGrid}
      />
      <Tab icon={<Inbox />} label="Inbox" count={waiting} isCurrent={centre.kind === 'inbox'} onShow={showInbox} />
      <Tab icon={<Puzzle />} label="Prompts" isCurrent={centre.kind === 'prompts'} onShow={showPrompts} />
      {centre.kind === 'figures' ? (
        <Tab icon={<ChartNoAxesColumn />} label="Figures" isCurrent onShow={showFigures} onClose={showGrid} />
      ) : null}
      {isRadarOpen ? (
        <Tab
          icon={<Radar />}
          label="Radar"
          count={collisions}
          isCurrent={centre.kind === 'radar'}
          onShow={() => {
            showRadar();
          }}
          onClose={closeRadar}
        />
      ) : null}
      {openSpec ? (
        <Tab
          icon={<FileText />}
          kind="Spec"
          label={spec?.title ?? openSpec}
          isCurrent={centre.kind === 'spec'}
          isUnsaved={isUnsaved}
          onShow={() => {
            showSpec(openSpec);
          }}
          onClose={closeSpec}
        />
      ) : null}
      {openReview ? (
        <Tab
          icon={<GitCompareArrows />}
          kind="Review"
          label={reviewed ? `${reviewed.spec.title} · ${agentName(reviewed)}` : 'Review'}
          isCurrent={centre.kind === 'review'}
          onShow={() => {
            showReview(openReview);
          }}
          onClose={closeReview}
        />
      ) : null}
      {openVariants ? (
        <Tab
          icon={<Columns3 />}
          kind="Variants"
          label={compared?.title ?? openVariants}
          isCurrent={centre.kind === 'variants'}
          onShow={() => {
            showVariants(openVariants);
          }}
          onClose={closeVariants}
        />
      ) : null}
      {openFile ? (
        <Tab
          icon={<FileCode />}
          kind="File"
          label={openFile.path.split('/').at(-1) ?? openFile.path}
          isCurrent={centre.kind === 'file'}
          onShow={() => {
            showFile(openFile);
          }}
          onClose={closeFile}
        />
      ) : null}
      {isSearchOpen ? (
        <Tab
          icon={<Search />}
          kind="Search"
          label="Search"
          isCurrent={centre.kind === 'search'}
          onShow={showSearch}
          onClose={closeSearch}
        />
      ) : null}
    </nav>
  );
}

interface TabProps {
  icon: ReactNode;
  /** What sort of thing the label names; it is said where the label alone would not tell. */
  kind?: string;
  label: string;
  count?: number;
  isCurrent: boolean;
  isUnsaved?: boolean;
  onShow: () => void;
  onClose?: () => void;
}

function Tab({ icon, kind, label, count, isCurrent, isUnsaved, onShow, onClose }: TabProps): ReactNode {
  return (
    <div className={classNames(styles.tab, isCurrent && styles.current, !kind && styles.fixed)}>
      <button
        type="button"
        className={styles.show}
        aria-current={isCurrent ? 'page' : undefined}
        title={kind ? `${kind}: ${label}` : label}
        onClick={onShow}
        onAuxClick={(event) => {
          if (event.button === 1) onClose?.();
        }}
      >
        {icon}
        {kind ? <span className="visually-hidden">{kind}: </span> : null}
        <span className={styles.label} dir="auto">
          {label}
        </span>
        {count ? <span className={styles.count}>{count}</span> : null}
        {isUnsaved ? <span className={styles.unsaved} role="img" aria-label="unsaved" /> : null}
      </button>
      {onClose ? (
        <IconButton
          className={styles.close}
          size="sm"
          label={`Close the ${kind ?? 'tab'}`}
          icon={<X />}
          onClick={onClose}
        />
      ) : null}
    </div>
  );
}
