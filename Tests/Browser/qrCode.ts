import type { Locator } from "@playwright/test";

/** The dark modules of a QR code as it is seen, row by row: looked at in the middle of each. */
async function modules(code: Locator): Promise<boolean[][]> {
  const count = await code.evaluate((svg: SVGSVGElement) => svg.viewBox.baseVal.width);
  const picture = (await code.screenshot()).toString("base64");
  return code.page().evaluate(
    async ([source, size]) => {
      const image = Object.assign(new Image(), { src: `data:image/png;base64,${source}` });
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      const context = canvas.getContext("2d");
      context?.drawImage(image, 0, 0);
      const middle = (index: number) => Math.floor(((index + 0.5) * image.width) / size);
      const places = [...Array(size).keys()];
      return places.map((y) =>
        places.map((x) => (context?.getImageData(middle(x), middle(y), 1, 1).data[0] ?? 255) < 128),
      );
    },
    [picture, count] as const,
  );
}

const masks: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * The text of a QR code (ISO/IEC 18004) as it is seen on the page, without mending errors: of versions 2 to 5 with little
 * redundancy, which have one block, and one alignment pattern.
 */
export async function readQrCode(code: Locator): Promise<string> {
  const dark = await modules(code);
  const size = dark.length;
  const at = (x: number, y: number) => dark[y]?.[x] === true;
  const mask = ([2, 3, 4] as const).reduce((sum, x, index) => sum | (Number(at(x, 8)) << (2 - index)), 0) ^ 0b101;
  const isHidden = masks[mask];
  const isData = (x: number, y: number) => {
    const finder = (x < 9 && y < 9) || (x > size - 9 && y < 9) || (x < 9 && y > size - 9);
    const alignment = Math.abs(x - (size - 7)) <= 2 && Math.abs(y - (size - 7)) <= 2;
    return !finder && !alignment && x !== 6 && y !== 6;
  };
  // Two columns at a time from the right, up and down in turn; the column of the timing pattern is passed over.
  const bits: boolean[] = [];
  for (let right = size - 1, isUp = true; right > 0; right -= right === 8 ? 3 : 2, isUp = !isUp) {
    for (let step = 0; step < size; step += 1) {
      const y = isUp ? size - 1 - step : step;
      for (const x of [right, right - 1]) if (isData(x, y)) bits.push(at(x, y) !== isHidden?.(x, y));
    }
  }
  const number = (from: number, length: number) =>
    bits.slice(from, from + length).reduce((value, bit) => value * 2 + Number(bit), 0);
  if (number(0, 4) !== 4) throw new Error("the code isn't of bytes");
  const bytes = Uint8Array.from({ length: number(4, 8) }, (_, index) => number(12 + index * 8, 8));
  return new TextDecoder().decode(bytes);
}
