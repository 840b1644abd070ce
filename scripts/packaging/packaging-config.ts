import type { Configuration } from 'electron-builder';

import { fuses } from '#scripts/fuses.ts';

/** The grammars that the radar reads names with; the package brings sixteen, of 22 MB. */
const grammars = ['typescript', 'tsx', 'javascript', 'python', 'go'];

/**
 * How the desktop app is packed, for electron-builder. `updateFeed` is the address of a folder of releases, for
 * electron-updater; null: the app looks for no updates, and cannot.
 *
 * The archive has the app's main process, preload and page, and Electron loads them from nowhere else. Beside it lies
 * what runs as plain Node or is copied by it (`out/programs`, the native modules, the demo's files), because only Electron can read
 * the archive. Everything that is JavaScript alone was bundled, so few modules are left to pack.
 */
export function packagingConfig(updateFeed: string | null): Configuration {
  return {
    appId: 'dev.switchyard.app',
    productName: 'Switchyard',
    copyright: 'The Switchyard authors',
    directories: { output: 'dist', buildResources: 'packaging' },
    files: [
      'out/main/**',
      'out/preload/**',
      'out/renderer/**',
      'out/programs/**',
      'LICENSE',
      // What a module needs to be built and read about, and the binaries for other systems.
      '!node_modules/node-pty/{src,deps,scripts,third_party,typings,node-addon-api,binding.gyp}{,/**}',
      '!node_modules/node-pty/build/{Makefile,*.mk,config.gypi,binding.Makefile,gyp-mac-tool}',
      '!node_modules/node-pty/build/Release/{obj.target,.deps,node-addon-api}{,/**}',
      '!node_modules/node-pty/prebuilds/!(${platform}-${arch}){,/**}',
      '!node_modules/node-pty/lib/**/*.test.js',
      '!node_modules/@parcel/watcher/{src,scripts,binding.gyp}{,/**}',
      '!node_modules/{node-addon-api,node-gyp-build}{,/**}',
      '!node_modules/@vscode/tree-sitter-wasm/{README.md,wasm/web-tree-sitter.d.ts,wasm/tree-sitter.js,wasm/tree-sitter.wasm}',
      `!node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-!(${grammars.join('|')}).wasm`,
      '!node_modules/web-tree-sitter/{src,lib,debug}{,/**}',
      '!node_modules/**/*.{map,ts,cts,mts,md,markdown,flow,cc,h,gyp,gypi,sln,vcxproj}',
    ],
    extraResources: ['demo', 'specs-template'].map((name) => ({ from: name, to: name })),
    asarUnpack: ['out/programs/**', 'node_modules/**'],
    // Both native modules use Node-API: one build serves Node and Electron, and was made by `npm install`.
    npmRebuild: false,
    electronFuses: fuses,
    publish: updateFeed === null ? null : [{ provider: 'generic', url: updateFeed }],
    protocols: [{ name: 'Switchyard', schemes: ['switchyard'], role: 'Viewer' }],
    linux: {
      target: ['AppImage', 'deb', 'rpm'],
      executableName: 'switchyard',
      category: 'Development',
      synopsis: 'Many AI coding agents at once on one Git repository',
      icon: 'icons/linux',
      // The one thing that it opens is a folder.
      mimeTypes: ['inode/directory'],
      desktop: { entry: { StartupWMClass: 'Switchyard', Keywords: 'git;agent;worktree;merge;' } },
    },
    deb: { recommends: ['git'] },
    mac: {
      target: ['dmg'],
      category: 'public.app-category.developer-tools',
      icon: 'icons/icon.icns',
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: 'packaging/entitlements.mac.plist',
      entitlementsInherit: 'packaging/entitlements.mac.plist',
      extendInfo: {
        CFBundleDocumentTypes: [
          {
            CFBundleTypeName: 'Folder',
            CFBundleTypeRole: 'Viewer',
            LSHandlerRank: 'Alternate',
            LSItemContentTypes: ['public.folder'],
          },
        ],
        NSAppleEventsUsageDescription: 'A program in one of Switchyard’s terminals wants to control another app.',
      },
    },
    win: { target: ['nsis'], icon: 'icons/icon.ico' },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowElevation: false,
      allowToChangeInstallationDirectory: true,
      include: 'packaging/installer.nsh',
      deleteAppDataOnUninstall: false,
    },
  };
}
