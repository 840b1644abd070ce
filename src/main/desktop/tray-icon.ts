/** `src/renderer/icon.svg` as a picture that the system's tray can show, 32 by 32. */
export const trayIcon = `data:image/png;base64,${[
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAABhUlEQVR42mNgQAJiErIKQNwPxOeB+D+V8Xmo2QoM2ABQIgGI39PAYnQMsiMBm+',
  'X/6YwTkIP9/QA44D04OqDxglWRk1sgGJNriblfIRjjUdPPgCvBgSzunrwcjMlxBMjivBX/wBiPI84z4DIgICwJ7gAQm1QHOCX0wR0AYuNSRzMH',
  'BFXvICYEaOMANWN3uOUgrKhlST8HgCzPmP8Bbrlv0Sq86qnqAFBcI1sOYuPzPVUcIKOo/d8mvP5/8rRHKMEOshwUGoQcTbYDjFyTwcGLbCkMx/',
  'VeIcpykh0ACk5QMKP7FoZB4qDQICXBEuWAsLgCnL6F+RhbViOmJCXogJYZe/8XLP+J1bcemXNwJjJiS1K8DgBZjm5xRMsxcPwTClpiEzFeBxQt',
  '/YziYx2bUKLjlmIHuMfUomQpUHYjJXFR7ADkygQU16TWBRQ7wC22Ge4AEJvuDgBpaph9AozJqQ2p4gBKquNRBwwpB9CkUUqk/vM0bZYTob9/4D',
  'smA941GxSd04HsngMApLkC7YL4qlAAAAAASUVORK5CYII=',
].join('')}`;
