import { Component, type ErrorInfo, type ReactNode } from 'react';

import { Button } from '#renderer/ui/Button.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { reportFault } from '#renderer/ui/notify.ts';

export interface FaultBoundaryProps {
  /** What is shown here, in words: "the review". */
  place: string;
  children: ReactNode;
}

/**
 * Keeps a fault in one part of the page from taking the rest with it. Agents do not notice either way. Give it a `key` of
 * what it shows, so that something else is tried afresh.
 */
export class FaultBoundary extends Component<FaultBoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: Error, _info: ErrorInfo): void {
    reportFault(`Showing ${this.props.place}`, error);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <EmptyState
        title={`Something went wrong while showing ${this.props.place}`}
        actions={
          <>
            <Button
              variant="primary"
              onClick={() => {
                this.setState({ error: null });
              }}
            >
              Show it again
            </Button>
            <Button
              onClick={() => {
                location.reload();
              }}
            >
              Reload the page
            </Button>
          </>
        }
      >
        Your agents, branches and files are not affected. {error.message}
      </EmptyState>
    );
  }
}
