import { Tooltip as RadixTooltip } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

import { focusCameBack } from './give-focus-back.ts';
import { Kbd } from './Kbd.tsx';
import { tooltipEscapes } from './tooltip-escapes.ts';
import styles from './Tooltip.module.css';

/** Wraps the app once: tooltips share one delay, so that the second shows at once. */
export function TooltipProvider({ children }: { children: ReactNode }): ReactNode {
  return (
    <RadixTooltip.Provider delayDuration={350} skipDelayDuration={250}>
      {children}
    </RadixTooltip.Provider>
  );
}

export interface TooltipProps {
  /** What is said; nothing is shown when it is empty. */
  content: ReactNode;
  /** A key chord such as `Mod+K`, shown beside the text. */
  keys?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left';
  align?: 'start' | 'center' | 'end';
  /** One element that takes a ref and pointer handlers: a button, a span. */
  children: ReactElement;
}

/** A short hint at what is under the pointer or the focus. Nothing that matters is said only here. */
export function Tooltip({ content, keys, side = 'bottom', align = 'center', children }: TooltipProps): ReactNode {
  if (content === null || content === undefined || content === '') return children;
  return (
    <RadixTooltip.Root>
      <RadixTooltip.Trigger
        asChild
        onFocus={(event) => {
          // Nobody has asked what this is: it had the focus before.
          if (focusCameBack()) event.preventDefault();
        }}
      >
        {children}
      </RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content
          className={styles.content}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          onEscapeKeyDown={(event) => {
            tooltipEscapes.add(event);
          }}
        >
          <span>{content}</span>
          {keys ? <Kbd keys={keys} /> : null}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  );
}
