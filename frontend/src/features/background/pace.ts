/** Pictures before the first that counts: until then programs are compiled. */
const warmUp = 10;
const counted = 30;
/** Milliseconds a picture: ten pictures a second look like a film, fewer like a series of photographs. */
const bearable = 100;

/** Judges from how long each picture takes whether the computer is fast enough. */
export class Pace {
  #durations: number[] = [];
  #seen = 0;

  /** Whether the last pictures took too long; undefined as long as there are too few to say so. */
  isSlow(milliseconds: number): boolean | undefined {
    this.#seen += 1;
    if (this.#seen <= warmUp) return undefined;
    this.#durations = [...this.#durations.slice(1 - counted), milliseconds];
    if (this.#durations.length < counted) return undefined;
    return this.#durations.reduce((sum, each) => sum + each, 0) / counted > bearable;
  }
}
