import { createHash } from 'node:crypto';

/**
 * The text of a `.code-workspace` file for a run's worktree: editors of VS Code's family show such a window with the title
 * and the colours that stand in it, and nothing is written into the worktree.
 */
export function workspaceText(run: { folder: string; branch: string; title: string }): string {
  const { folder, branch, title } = run;
  const { background, dim, foreground } = coloursOf(branch);
  const workspace = {
    folders: [{ name: branch, path: folder }],
    settings: {
      // The editor fills in its own words; ours are said first, because a long title is cut at its end.
      'window.title': `${branch} \u2014 ${title} \u2014 \${dirty}\${activeEditorShort}`,
      'workbench.colorCustomizations': {
        'titleBar.activeBackground': background,
        'titleBar.activeForeground': foreground,
        'titleBar.inactiveBackground': dim,
        'titleBar.inactiveForeground': foreground,
        'activityBar.background': dim,
        'activityBar.foreground': foreground,
        'statusBar.background': background,
        'statusBar.foreground': foreground,
      },
    },
  };
  return `${JSON.stringify(workspace, null, 2)}\n`;
}

/** A colour of its own for each branch, always dark enough for white letters. */
function coloursOf(branch: string): { background: string; dim: string; foreground: string } {
  const hue = createHash('sha256').update(branch).digest().readUInt16BE(0) % 360;
  return { background: hex(hue, 0.45, 0.27), dim: hex(hue, 0.35, 0.2), foreground: '#ffffff' };
}

function hex(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): string => {
    const at = (offset + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
