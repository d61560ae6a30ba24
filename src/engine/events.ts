/**
 * node:events for the executable: of it, what commander uses to tell itself of options.
 */
type Listener = (...values: readonly unknown[]) => void;

export class EventEmitter {
  readonly #listeners = new Map<string, Listener[]>();

  on(name: string, listener: Listener): this {
    const all = this.#listeners.get(name);
    if (all === undefined) this.#listeners.set(name, [listener]);
    else all.push(listener);
    return this;
  }

  emit(name: string, ...values: readonly unknown[]): boolean {
    const all = this.#listeners.get(name) ?? [];
    for (const listener of all) listener.apply(this, [...values]);
    return all.length > 0;
  }

  listenerCount(name: string): number {
    return this.#listeners.get(name)?.length ?? 0;
  }
}
