import { useRef, type ReactNode } from 'react';

import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

export interface ConfirmDialogProps {
  open: boolean;
  title: string;
  description?: ReactNode;
  /** What happens, as a verb: "Delete run", never "OK". */
  confirmLabel: string;
  cancelLabel?: string;
  danger?: boolean;
  busy?: boolean;
  /** Why it cannot be confirmed now. */
  reason?: string | null;
  size?: 'sm' | 'md' | 'lg';
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something that is not easily undone. It says in its body exactly what would happen. */
export function ConfirmDialog({
  open,
  title,
  description,
  confirmLabel,
  cancelLabel = 'Cancel',
  danger = false,
  busy = false,
  reason = null,
  size = 'sm',
  onConfirm,
  onClose,
  children,
}: ConfirmDialogProps): ReactNode {
  const cancel = useRef<HTMLButtonElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={description}
      size={size}
      // Enter must not destroy: where something is lost, it is the way out that has the focus.
      initialFocus={danger ? cancel : confirm}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {cancelLabel}
          </Button>
          <Button ref={confirm} variant={danger ? 'danger' : 'primary'} busy={busy} reason={reason} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
