import '#renderer/ui/tokens.css';
import '#renderer/ui/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from '#renderer/app/App.tsx';
import { startHost } from '#renderer/app/host.ts';
import { beginSession } from '#renderer/state/session.ts';
import { followAccent } from '#renderer/state/accent.ts';
import { followTheme } from '#renderer/state/theme.ts';

followTheme();
followAccent();
beginSession();
startHost();

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
