import type { Track, TrackProcessor, VideoProcessorOptions } from "livekit-client";
import type { BackgroundBlur } from "./BackgroundBlur";

/** The blur as LiveKit's tracks take it. */
export class BlurProcessor implements TrackProcessor<Track.Kind.Video> {
  readonly name = "background-blur";
  processedTrack?: MediaStreamTrack;
  #blur: BackgroundBlur | undefined;

  async init({ track }: VideoProcessorOptions): Promise<void> {
    const { BackgroundBlur } = await import("./BackgroundBlur");
    this.#blur?.stop();
    this.#blur = new BackgroundBlur();
    this.processedTrack = this.#blur.start(track);
  }

  async restart({ track }: VideoProcessorOptions): Promise<void> {
    this.#blur?.replace(track);
  }

  async destroy(): Promise<void> {
    this.#blur?.stop();
    this.#blur = undefined;
  }
}
