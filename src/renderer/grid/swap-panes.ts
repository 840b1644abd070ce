/** The order with two panes changed for one another. The same order when one of them is not in it. */
export function swapPanes<Id extends string>(order: readonly Id[], a: Id, b: Id): Id[] {
  const swapped = Array.from(order);
  const first = swapped.indexOf(a);
  const second = swapped.indexOf(b);
  if (first < 0 || second < 0) return swapped;
  swapped[first] = b;
  swapped[second] = a;
  return swapped;
}
