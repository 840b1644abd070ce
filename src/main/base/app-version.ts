/** The version in `package.json`, put in when the app is built: not every program of ours has that file beside it. */
export const appVersion: string = __APP_VERSION__;

declare const __APP_VERSION__: string;
