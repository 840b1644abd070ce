import { useEffect, type ReactNode } from 'react';

import { StartScreen } from '#renderer/start/StartScreen.tsx';
import { listenToKeys } from '#renderer/state/keyboard.ts';
import { useSession } from '#renderer/state/session.ts';
import { useTheme } from '#renderer/state/theme.ts';
import { Toasts } from '#renderer/ui/Toasts.tsx';
import { TooltipProvider } from '#renderer/ui/Tooltip.tsx';

import styles from './App.module.css';
import { AppDialogs } from './AppDialogs.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { FaultBoundary } from './FaultBoundary.tsx';
import { followShell } from './follow-shell.ts';
import { Starting } from './Starting.tsx';
import { useAppCommands } from './use-app-commands.ts';
import { TerminalHostNotices } from './TerminalHostNotices.tsx';
import { Workbench } from './Workbench.tsx';

/** The page: start, or a project, and what floats above both. */
export function App(): ReactNode {
  const phase = useSession((session) => session.phase);
  const theme = useTheme();
  useEffect(() => {
    const keys = listenToKeys();
    const shell = followShell();
    return () => {
      keys.dispose();
      shell.dispose();
    };
  }, []);
  useAppCommands();

  return (
    <TooltipProvider>
      <FaultBoundary place="the page">
        <div className={styles.app}>
          {phase === 'starting' ? (
            <Starting />
          ) : (
            <>
              <ConnectionBanner />
              <TerminalHostNotices />
              <div className={styles.content}>{phase === 'open' ? <Workbench /> : <StartScreen />}</div>
              <AppDialogs />
            </>
          )}
        </div>
      </FaultBoundary>
      <Toasts theme={theme} />
    </TooltipProvider>
  );
}
