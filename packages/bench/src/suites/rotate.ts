/** The same items, beginning with the `by`-th: so that nobody always comes first. */
export const rotate = <Item>(items: readonly Item[], by: number): Item[] => {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
};
