import { X } from 'lucide-react';
import { Dialog as RadixDialog } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';

import { classNames } from './class-names.ts';
import styles from './Dialog.module.css';
import { giveFocusBack } from './give-focus-back.ts';
import { IconButton } from './IconButton.tsx';
import { tooltipEscapes } from './tooltip-escapes.ts';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** One or two sentences under the title. */
  description?: ReactNode;
  size?: 'sm' | 'md' | 'lg' | 'xl';
  /** Buttons, the main one last. */
  footer?: ReactNode;
  /** Something to the left of the buttons: a hint, a check box. */
  footerStart?: ReactNode;
  /** What has the focus at first; otherwise what asks for it by itself, or the dialog as a whole. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** No padding around the content: it brings its own. */
  flush?: boolean;
  children?: ReactNode;
}

/** Radix would choose the first button, which is the one that closes: never what a person came for. */
function placeFocus(event: Event, wanted: HTMLElement | null | undefined): void {
  event.preventDefault();
  const content = event.target;
  if (wanted) wanted.focus();
  else if (content instanceof HTMLElement && !content.contains(document.activeElement)) content.focus();
}

/** A modal dialog with a head, a body that scrolls and a foot that stays. Escape and a click outside close it. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  size = 'md',
  footer,
  footerStart,
  initialFocus,
  flush = false,
  children,
}: DialogProps): ReactNode {
  return (
    <RadixDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={styles.overlay}>
          <RadixDialog.Content
            className={classNames(styles.content, styles[size])}
            {...(description ? {} : { 'aria-describedby': undefined })}
            onOpenAutoFocus={(event) => {
              placeFocus(event, initialFocus?.current);
            }}
            onCloseAutoFocus={giveFocusBack}
            onKeyDown={({ key, nativeEvent, target, currentTarget }) => {
              // Not of a dialog over this one: to React that is inside as well.
              const isHere = target instanceof Node && currentTarget.contains(target);
              if (key === 'Escape' && isHere && tooltipEscapes.has(nativeEvent)) onClose();
            }}
          >
            <header className={styles.head}>
              <div className={styles.titles}>
                <RadixDialog.Title className={styles.title}>{title}</RadixDialog.Title>
                {description ? (
                  <RadixDialog.Description className={styles.description}>{description}</RadixDialog.Description>
                ) : null}
              </div>
              <IconButton label="Close" keys="Escape" size="sm" icon={<X />} onClick={onClose} />
            </header>
            {children ? <div className={classNames(styles.body, flush && styles.flush)}>{children}</div> : null}
            {footer || footerStart ? (
              <footer className={styles.foot}>
                <div className={styles.footStart}>{footerStart}</div>
                {footer}
              </footer>
            ) : null}
          </RadixDialog.Content>
        </RadixDialog.Overlay>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
