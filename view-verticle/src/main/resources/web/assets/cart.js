import { keep, kept } from './kept.js';
import { money } from './format.js';

export const MOST_OF_ONE_ITEM = 50;

/** What the customer has picked so far at one bar; survives a reload. */
export class Cart {
  constructor(barId) {
    this.name = `cart.${barId}`;
    this.quantities = kept(this.name) ?? {};
  }

  quantity(itemId) {
    return this.quantities[itemId] ?? 0;
  }

  change(item, by) {
    const most = Math.min(MOST_OF_ONE_ITEM, item.stock ?? MOST_OF_ONE_ITEM);
    const quantity = Math.max(0, Math.min(most, this.quantity(item.itemId) + by));
    this.quantities[item.itemId] = quantity;
    keep(this.name, this.quantities);
  }

  clear() {
    this.quantities = {};
    keep(this.name, {});
  }

  /** Only what the menu can still sell: an item may sell out while it lies in the cart. */
  lines(menu) {
    return menu.filter(isSellable).filter((item) => this.quantity(item.itemId) > 0)
      .map((item) => ({ item, quantity: Math.min(this.quantity(item.itemId), item.stock ?? MOST_OF_ONE_ITEM) }));
  }
}

export const isSellable = (item) => item.available && (item.stock === undefined || item.stock > 0);

export const piecesOf = (lines) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

export const priceOf = (lines) =>
  money(lines.reduce((sum, { item, quantity }) => sum + item.price * quantity, 0), lines[0]?.item.currency);
