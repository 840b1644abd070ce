import { monaco } from './monaco.ts';

/**
 * The first editor of a page takes several times what later ones take: services are made, fonts measured, code compiled. These
 * steps make one that nobody sees, and take it away again. Each takes the page a while; between any two there may pass time.
 */
export function firstEditor(): readonly (() => void)[] {
  const host = document.createElement('div');
  let model: monaco.editor.ITextModel | null = null;
  let editor: monaco.editor.IStandaloneCodeEditor | null = null;
  return [
    () => {
      model = monaco.editor.createModel('', 'plaintext');
    },
    () => {
      editor = monaco.editor.create(host, { model: null, readOnly: true, minimap: { enabled: false } });
    },
    () => {
      editor?.setModel(model);
    },
    () => {
      editor?.dispose();
      model?.dispose();
    },
  ];
}
