// Puts a .gz, .br and .zst beside every file of FOLDER that gets smaller by it, as Caddy serves them.
// usage: node compress.mjs FOLDER
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";

const compressions = {
  ".gz": (bytes) => gzipSync(bytes, { level: 9 }),
  ".br": (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  ".zst": (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
};
// What is compressed already stays alone.
const text = /\.(html|js|mjs|css|json|svg|txt|xml|map|webmanifest|wasm|ttf)$/;

for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !text.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  for (const [suffix, compress] of Object.entries(compressions)) {
    const smaller = compress(bytes);
    if (smaller.length < bytes.length * 0.95) writeFileSync(path + suffix, smaller);
  }
}
