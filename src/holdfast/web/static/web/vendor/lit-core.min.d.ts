// What our scripts use of Lit, for the type checker; no browser asks for it.
export interface TemplateResult {
  readonly strings: TemplateStringsArray;
}
export const nothing: unique symbol;
export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
export function render(value: unknown, into: HTMLElement | DocumentFragment): unknown;
export function repeat<Item>(
  items: Iterable<Item>,
  key: (item: Item, index: number) => unknown,
  template: (item: Item, index: number) => unknown,
): unknown;
export function live(value: unknown): unknown;
export function ifDefined(value: unknown): unknown;
export function classMap(classes: Record<string, boolean>): unknown;
