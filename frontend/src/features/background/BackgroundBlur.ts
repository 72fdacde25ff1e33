import { blurState } from "./blurState";
import { Pace } from "./pace";
import { canSegment, startSegmentation, type Segmentation } from "./segmentation";
import { startTicks } from "./ticks";

const perSecond = 25;
/** The background is blurred small: that is quick, and blurs by itself. */
const shrink = 8;
/** Pixels: the model looks at no more, and on a computer without a graphics card each one counts. */
const widthForModel = 256;

/**
 * Blurs what is behind a person. When the person can't be found, everything is blurred: whoever wants this doesn't want to be
 * seen without. Loaded only when someone wants it.
 */
export class BackgroundBlur {
  readonly #video = document.createElement("video");
  readonly #canvas = document.createElement("canvas");
  readonly #person = document.createElement("canvas");
  readonly #small = document.createElement("canvas");
  readonly #forModel = document.createElement("canvas");
  #source: MediaStreamTrack | undefined;
  #segmentation: Segmentation | undefined;
  #stopTicks: (() => void) | undefined;
  #isBusy = false;
  #restsUntil = 0;
  #pace = new Pace();
  #hasEnded = false;

  /** The blurred track of a camera's track. It has pictures as soon as there are blurred ones. */
  start(source: MediaStreamTrack): MediaStreamTrack {
    blurState.set("starting");
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.replace(source);
    // A canvas without a context has no stream.
    context(this.#canvas).fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    const [track] = this.#canvas.captureStream(perSecond).getVideoTracks();
    if (!track) throw new Error("a canvas gave no track");
    void this.#run();
    return track;
  }

  /** Goes on with another track of a camera. */
  replace(source: MediaStreamTrack): void {
    this.#source = source;
    const { width = 640, height = 480 } = source.getSettings();
    for (const canvas of [this.#canvas, this.#person]) Object.assign(canvas, { width, height });
    Object.assign(this.#small, { width: Math.ceil(width / shrink), height: Math.ceil(height / shrink) });
    Object.assign(this.#forModel, { width: widthForModel, height: Math.ceil((widthForModel * height) / width) });
    this.#video.srcObject = new MediaStream([source]);
    // Another track may come before this one plays.
    this.#video.play().catch(() => undefined);
  }

  stop(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopTicks?.();
    this.#segmentation?.close();
    this.#video.srcObject = null;
    blurState.set("off");
  }

  async #run(): Promise<void> {
    try {
      if (canSegment()) this.#segmentation = await startSegmentation();
      if (!this.#hasEnded) blurState.set(this.#segmentation ? "on" : "unsupported");
    } catch {
      if (!this.#hasEnded) blurState.set("failed");
    }
    if (this.#hasEnded) {
      this.#segmentation?.close();
      return;
    }
    this.#stopTicks = startTicks(perSecond, () => void this.#next());
  }

  async #next(): Promise<void> {
    const hasPicture = this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    // A camera that is off for a while has ended its track.
    const begin = performance.now();
    if (this.#isBusy || begin < this.#restsUntil || !hasPicture || this.#source?.readyState !== "live") return;
    this.#isBusy = true;
    try {
      context(this.#forModel).drawImage(this.#video, 0, 0, this.#forModel.width, this.#forModel.height);
      const mask = await this.#segmentation?.mask(this.#forModel);
      if (this.#hasEnded) return;
      this.#draw(mask);
      const isSlow = this.#pace.isSlow(performance.now() - begin);
      if (this.#segmentation && isSlow !== undefined) blurState.set(isSlow ? "slow" : "on");
    } catch {
      // It worked before: from now on everything is blurred.
      this.#segmentation = undefined;
      blurState.set("failed");
    } finally {
      // The page needs the processor too: at most half of it is taken.
      this.#restsUntil = 2 * performance.now() - begin;
      this.#isBusy = false;
    }
  }

  #draw(mask: CanvasImageSource | undefined): void {
    const { width, height } = this.#canvas;
    const small = context(this.#small);
    small.filter = "none";
    small.drawImage(this.#video, 0, 0, this.#small.width, this.#small.height);
    // Blurred over that: by itself, what is blurred has dark edges, where it is mixed with what is outside of the picture.
    small.filter = "blur(2px)";
    small.drawImage(this.#video, 0, 0, this.#small.width, this.#small.height);
    const picture = context(this.#canvas);
    picture.imageSmoothingQuality = "high";
    picture.drawImage(this.#small, 0, 0, width, height);
    if (!mask) return;
    const person = context(this.#person);
    person.globalCompositeOperation = "copy";
    person.drawImage(mask, 0, 0, width, height);
    person.globalCompositeOperation = "source-in";
    person.drawImage(this.#video, 0, 0, width, height);
    picture.drawImage(this.#person, 0, 0);
  }
}

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const found = canvas.getContext("2d");
  if (!found) throw new Error("a canvas has no context");
  return found;
}
