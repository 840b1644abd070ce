/**
 * What is burnt into the packaged Electron, under the names that electron-builder's `electronFuses` has. Nobody can change it
 * later without breaking the app's signature.
 */
export const fuses = {
  // The pty host, the reporter and scribe are started as plain Node from the same binary (`ELECTRON_RUN_AS_NODE`). It costs:
  // whoever may already run programs as this person can use our binary as a Node.
  runAsNode: true,
  // Neither variables nor arguments turn our processes into ones that can be debugged or made to load other code.
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // The app is what was packed and signed: only from its archive, and only while that has the right hash.
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  enableCookieEncryption: true,
  // Pages are served under our own scheme; `file:` gets no privilege.
  grantFileProtocolExtraPrivileges: false,
  loadBrowserProcessSpecificV8Snapshot: false,
} as const;
