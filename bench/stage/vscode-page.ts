// The baseline's page: an xterm in each pane, which acknowledges what it has parsed. Runs in the browser; the host takes the
// types out.
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/xterm';

import { vscode, type ToHost, type ToPage } from './vscode-protocol.ts';

export interface VscodePane {
  cols: number;
  rows: number;
  scrollback: number;
  /** Out of sight, with its rows still there: how an app keeps a terminal that it is not showing. */
  isParked?: boolean;
}

declare global {
  interface Window {
    vscodePage: {
      open(panes: readonly VscodePane[]): Promise<void>;
      send(id: number, data: string): void;
    };
  }
}

const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
const terminals = new Map<number, Terminal>();
const unacknowledged = new Map<number, number>();

const post = (message: ToHost): void => {
  socket.send(JSON.stringify(message));
};

socket.addEventListener('message', (event) => {
  const { id, data } = JSON.parse(String(event.data)) as ToPage;
  terminals.get(id)?.write(data, () => {
    let chars = (unacknowledged.get(id) ?? 0) + data.length;
    for (; chars >= vscode.acknowledgeChars; chars -= vscode.acknowledgeChars) {
      post({ kind: 'acknowledge', id, chars: vscode.acknowledgeChars });
    }
    unacknowledged.set(id, chars);
  });
});

window.vscodePage = {
  open: async (panes) => {
    if (socket.readyState !== WebSocket.OPEN) await new Promise((resolve) => socket.addEventListener('open', resolve));
    for (const [id, { cols, rows, scrollback, isParked = false }] of panes.entries()) {
      const place = document.createElement('div');
      if (isParked) place.style.cssText = 'position:fixed;left:-9999px;top:0';
      document.body.append(place);
      const terminal = new Terminal({
        cols,
        rows,
        scrollback,
        allowProposedApi: true,
        logLevel: 'off',
        fontFamily: "ui-monospace, 'DejaVu Sans Mono', monospace",
        fontSize: 13,
      });
      terminal.loadAddon(new UnicodeGraphemesAddon());
      terminal.open(place);
      terminal.textarea?.setAttribute('aria-label', `Terminal ${String(id)},`);
      terminal.onData((data) => {
        post({ kind: 'input', id, data });
      });
      terminals.set(id, terminal);
      post({ kind: 'open', id, cols, rows });
    }
  },
  send: (id, data) => {
    post({ kind: 'input', id, data });
  },
};
