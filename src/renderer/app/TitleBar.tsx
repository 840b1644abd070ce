import {
  ChartNoAxesColumn,
  ChevronDown,
  GitBranch,
  History,
  House,
  Monitor,
  Moon,
  Search,
  Settings2,
  Sparkle,
  Sun,
} from 'lucide-react';
import type { ReactNode } from 'react';

import { useAgentsAtWork, useAttentionItems } from '#renderer/state/attention.ts';
import { runCommand } from '#renderer/state/commands.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { copyText } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { Menu } from '#renderer/ui/Menu.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Project } from '#shared/contract/projects.ts';
import { counted } from '#shared/counted.ts';

import { appKeys } from './app-keys.ts';
import { chooseTheme, themeWords } from './change-settings.ts';
import styles from './TitleBar.module.css';

/** Where the person is, the way to anything, and what needs them. */
export function TitleBar(): ReactNode {
  const project = useProject();
  const openDialog = useView((view) => view.openDialog);
  return (
    <header className={styles.bar}>
      <div className={styles.start}>
        <Menu
          items={projectMenu(project)}
          trigger={
            <button type="button" className={styles.project} title={project.path}>
              <span className={styles.name}>{project.name}</span>
              <ChevronDown aria-hidden />
            </button>
          }
        />
        <CheckoutBranch project={project} />
      </div>
      <button
        type="button"
        className={styles.search}
        onClick={() => {
          openDialog({ kind: 'palette' });
        }}
      >
        <Search aria-hidden />
        <span className={styles.searchText}>Go to a run, a spec, a command</span>
        <Kbd keys={appKeys.palette} />
      </button>
      <div className={styles.end}>
        <NextButton />
        <ThemeButton />
        <IconButton
          label="Settings"
          keys={appKeys.settings}
          icon={<Settings2 />}
          onClick={() => {
            openDialog({ kind: 'settings' });
          }}
        />
      </div>
    </header>
  );
}

function CheckoutBranch({ project }: { project: Project }): ReactNode {
  const hint = project.headBranch
    ? `Your own checkout is on ${project.headBranch}${project.checkoutIsDirty ? ', with changes that are not committed' : ', with everything committed'}.`
    : 'Your own checkout is on no branch (HEAD is detached).';
  return (
    <Tooltip content={hint}>
      <span className={styles.branch}>
        <GitBranch aria-hidden />
        {project.headBranch ? <MiddleTruncate text={project.headBranch} tail={12} /> : <span>no branch</span>}
        {project.checkoutIsDirty ? <span className={styles.dirty} role="img" aria-label="not committed" /> : null}
      </span>
    </Tooltip>
  );
}

/** One press away from whatever needs the person most. */
function NextButton(): ReactNode {
  const items = useAttentionItems();
  const atWork = useAgentsAtWork();
  const count = items.length;
  const standing = items.filter(({ standsStill }) => standsStill).length;
  const parts = [
    standing > 0 ? `${String(standing)} waiting for you` : '',
    count > standing ? `${String(count - standing)} to review` : '',
  ].filter(Boolean);
  return (
    <Tooltip content={count === 0 ? '' : `Next: ${parts.join(', ')}`} keys={appKeys.next}>
      <Button
        size="sm"
        variant={count === 0 ? 'ghost' : 'secondary'}
        className={classNames(standing > 0 && styles.needed)}
        reason={
          count === 0 ? `Nothing needs you. ${atWork === 0 ? 'No agent' : counted(atWork, 'agent')} at work.` : null
        }
        onClick={() => {
          runCommand('app.next');
        }}
      >
        Next
        {count > 0 ? <span className={styles.count}>{count}</span> : null}
      </Button>
    </Tooltip>
  );
}

const themeIcons = { system: <Monitor />, dark: <Moon />, light: <Sun /> };

function ThemeButton(): ReactNode {
  const theme = useMirror((mirror) => mirror.settings?.theme ?? 'system');
  const items = (['system', 'dark', 'light'] as const).map((id): MenuItem => ({
    kind: 'item',
    id,
    label: themeWords[id],
    checked: id === theme,
    onSelect: () => {
      chooseTheme(id);
    },
  }));
  return <Menu align="end" items={items} trigger={<IconButton label="Theme" icon={themeIcons[theme]} />} />;
}

function projectMenu(project: Project): readonly MenuItem[] {
  const open = useView.getState().openDialog;
  return [
    { kind: 'label', id: 'path', label: project.path },
    {
      kind: 'item',
      id: 'copy',
      label: 'Copy path',
      onSelect: () => {
        copyText('path', project.path);
      },
    },
    { kind: 'separator', id: 'after-path' },
    {
      kind: 'item',
      id: 'set-up',
      label: project.isSetUp ? 'Add missing set-up files…' : 'Set up this project…',
      icon: <Sparkle />,
      onSelect: () => {
        open({ kind: 'set-up' });
      },
    },
    {
      kind: 'item',
      id: 'snapshots',
      label: 'Snapshots…',
      icon: <History />,
      onSelect: () => {
        open({ kind: 'snapshots' });
      },
    },
    {
      kind: 'item',
      id: 'figures',
      label: 'Figures',
      icon: <ChartNoAxesColumn />,
      keys: keysOf('go.figures'),
      onSelect: () => {
        runCommand('go.figures');
      },
    },
    { kind: 'separator', id: 'after-project' },
    {
      kind: 'item',
      id: 'leave',
      label: 'Open another project…',
      icon: <House />,
      keys: appKeys.leave,
      onSelect: () => {
        runCommand('project.leave');
      },
    },
  ];
}
