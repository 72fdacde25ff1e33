import type { NextConfig } from "next";

const isDevelopment = process.env.NODE_ENV === "development";

/** A static export: Caddy serves `out/` and answers every address below /join with join.html. */
const config: NextConfig = {
  reactStrictMode: true,
  // Packaging asks for them to learn which packages are in the export, and takes them out of it again.
  productionBrowserSourceMaps: process.env.SOURCE_MAPS === "1",
  // A random one otherwise, by which no two builds are alike.
  generateBuildId: () => process.env.BUILD_ID ?? null,
  images: { unoptimized: true },
  devIndicators: false,
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
  // The export has no server that could rewrite; the development server stands in for Caddy.
  ...(isDevelopment
    ? { rewrites: async () => [{ source: "/join/:code", destination: "/join" }] }
    : { output: "export" as const }),
};

export default config;
