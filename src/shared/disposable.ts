/** Something that holds a resource until it is told to let go. Disposing twice is the same as once. */
export interface Disposable {
  dispose(): void;
}
