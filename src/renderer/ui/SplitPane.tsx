import { Fragment, type ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';

import { classNames } from './class-names.ts';
import styles from './SplitPane.module.css';

export interface SplitPart {
  id: string;
  content: ReactNode;
  /** Pixels as a number, or a string such as `30%`. */
  defaultSize?: number | string | undefined;
  minSize?: number | string | undefined;
  maxSize?: number | string | undefined;
  /** Keeps its pixels when the window is resized; at least one part must not. */
  keepsPixels?: boolean;
}

export interface SplitPaneProps {
  /** Names the layout; sizes are remembered under it on this machine. */
  id: string;
  /** `row`: side by side. */
  direction?: 'row' | 'column';
  parts: readonly SplitPart[];
  className?: string;
}

/** Parts side by side or above each other, resized by dragging or by arrow keys on the line between them. */
export function SplitPane({ id, direction = 'row', parts, className }: SplitPaneProps): ReactNode {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id: `switchyard.split.${id}`,
    panelIds: parts.map((part) => part.id),
    storage: localStorage,
  });
  return (
    <Group
      id={id}
      className={classNames(styles.group, className)}
      orientation={direction === 'row' ? 'horizontal' : 'vertical'}
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      {parts.map((part, index) => (
        <Fragment key={part.id}>
          {index > 0 ? (
            <Separator aria-label="Resize" className={direction === 'row' ? styles.vertical : styles.horizontal} />
          ) : null}
          <Panel
            id={part.id}
            className={styles.panel}
            defaultSize={part.defaultSize}
            minSize={part.minSize}
            maxSize={part.maxSize}
            groupResizeBehavior={part.keepsPixels ? 'preserve-pixel-size' : 'preserve-relative-size'}
          >
            {part.content}
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}
