/** The list with the item at `from` in the place of the one at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const items = Array.from(list);
  const [item] = items.splice(from, 1);
  if (item === undefined) return list;
  items.splice(to, 0, item);
  return items;
}
