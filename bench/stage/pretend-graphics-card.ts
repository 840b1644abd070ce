/** WebGL on the processor, where there is no graphics card: slow, and with the same limit on contexts. */
export const webglFlags = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

declare global {
  interface Window {
    /** Every WebGL context that the page has ever made. */
    webglContexts: WebGL2RenderingContext[];
  }
}

/** The app draws with WebGL only where a graphics card does it. Here it is to believe that one does. */
export function pretendGraphicsCard(): void {
  window.webglContexts = [];
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the canvas it is asked of
  const getContext = HTMLCanvasElement.prototype.getContext as (kind: string, options?: object) => unknown;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, options?: object) {
    const context = getContext.call(this, kind, { ...options, failIfMajorPerformanceCaveat: false });
    if (context instanceof WebGL2RenderingContext && !window.webglContexts.includes(context)) {
      window.webglContexts.push(context);
    }
    return context;
  } as typeof HTMLCanvasElement.prototype.getContext;
  // oxlint-disable-next-line typescript/unbound-method -- as above, with the context
  const getParameter = WebGL2RenderingContext.prototype.getParameter;
  WebGL2RenderingContext.prototype.getParameter = function (name: number): unknown {
    const unmaskedRenderer = 0x9246;
    return name === unmaskedRenderer || name === this.RENDERER ? 'A graphics card' : getParameter.call(this, name);
  };
}
