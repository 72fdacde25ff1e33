// What the join page loads before anybody clicks, compressed as Caddy sends it. Needs the export: npm run build.
import { readFileSync, readdirSync } from "node:fs";
import { out, scripts } from "./scripts/pages.mjs";

const join = scripts(readFileSync(new URL("join.html", out), "utf8"));
// One language is loaded as well; both are counted, since which chunks they are in doesn't show.
const chunks = "_next/static/chunks/";
const languages = readdirSync(new URL(chunks, out))
  .filter((name) => name.endsWith(".js"))
  .filter(
    (name) => /passcodeHosts/.test(readFileSync(new URL(chunks + name, out), "utf8")) && !join.includes(chunks + name),
  )
  .map((name) => chunks + name)
  .filter((path) => /"deviceHelp"|deviceHelp:/.test(readFileSync(new URL(path, out), "utf8")));

export default [
  {
    name: "join page, first load",
    path: [...join, ...languages].map((path) => `out/${path}`),
    limit: "250 kB",
    gzip: true,
  },
];
