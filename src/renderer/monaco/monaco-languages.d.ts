// They are taken for what they load, not for what they export; Monaco declares no types for them.
declare module 'monaco-editor/languages/definitions/markdown/markdown.js';
declare module 'monaco-editor/languages/definitions/yaml/yaml.js';
