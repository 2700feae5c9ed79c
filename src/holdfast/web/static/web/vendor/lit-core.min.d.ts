// What our scripts use of Lit, typed; the file beside it comes without types.
export interface Drawn {
  readonly strings: TemplateStringsArray;
}
export function html(strings: TemplateStringsArray, ...values: unknown[]): Drawn;
export const nothing: unique symbol;
export function render(value: unknown, container: HTMLElement): void;
export function repeat<T>(items: Iterable<T>, keyOf: (item: T) => unknown, draw: (item: T) => unknown): unknown;
