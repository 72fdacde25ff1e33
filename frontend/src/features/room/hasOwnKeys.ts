/** The whiteboard has keys of its own for its tools. */
export function hasOwnKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-own-keys]") !== null;
}
