// Things by what they have in common, in the order in which each is first met.

/**
 * @template Item
 * @param {Item[]} items
 * @param {(item: Item) => string} key
 */
export function groupedBy(items, key) {
  /** @type {Map<string, Item[]>} */
  const found = new Map();
  for (const item of items) {
    const members = found.get(key(item));
    if (members) members.push(item);
    else found.set(key(item), [item]);
  }
  return found;
}
