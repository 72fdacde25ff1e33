// Finds the packages of npm whose code is in an export, by its source maps and by files that are there as they are, then writes their
// licences into it and takes the source maps out.
// usage: node bundled.mjs FRONTEND OUT LIST
//   OUT/third-party-licenses.txt  what browsers and the package get
//   LIST                          JSON for packaging/sbom: name, version, licence, digest
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const [frontend, out, list] = process.argv.slice(2);
const modules = join(frontend, "node_modules");
const lock = JSON.parse(readFileSync(join(frontend, "package-lock.json"), "utf8")).packages;

// Excalidraw's fonts lie in its package without their licences: what each font's own name table says.
const fonts = {
    Assistant: ["OFL-1.1", "Copyright 2020 The Assistant Project Authors"],
    Cascadia: ["OFL-1.1", "Copyright 2020 Microsoft Corporation"],
    ComicShanns: ["MIT", "Copyright 2018 Shannon Miwa, 2023 Jesus Gonzalez, 2023 Rodrigo Batista de Moraes"],
    Excalifont: ["NOASSERTION", "Copyright 2024 Excalidraw; the file names no licence"],
    Liberation: [
        "NOASSERTION",
        "Digitized data 2007 Ascender Corporation; the file names http://www.ascendercorp.com/liberation.html",
    ],
    Lilita: ["OFL-1.1", 'Copyright 2011 Juan Montoreano, with Reserved Font Names "Lilita One"'],
    Nunito: ["OFL-1.1", "Copyright 2014 The Nunito Project Authors"],
    Virgil: ["OFL-1.1", "Copyright 2011 Your Own Font Foundry"],
    Xiaolai: ["NOASSERTION", "Copyright 2020 LXGW; the file names no licence"],
};

const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const maps = files.filter((file) => file.endsWith(".map"));
if (maps.length === 0) throw new Error(`${out} has no source maps: build it with SOURCE_MAPS=1`);

/** The sources of a map, of its sections too. */
const sourcesOf = (map) => [
    ...(map.sources ?? []),
    ...(map.sections ?? []).flatMap((section) => sourcesOf(section.map)),
];

/** The part of a source's path that is in node_modules, and what is packed within what is there. */
function parse(source) {
    const path = decodeURIComponent(source);
    const embedded = [
        ...path.matchAll(/\.pnpm\/([^/]+?)@(\d[^/_]*)[^/]*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g),
    ].pop();
    if (embedded) return { name: embedded[3], version: embedded[2], embedded: true };
    const start = path.indexOf("node_modules/");
    return start < 0 ? undefined : { path: path.slice(start) };
}

/** The folder of the package that a file in node_modules belongs to: the nearest whose package.json has a name. */
function folderOf(path) {
    for (let folder = dirname(join(frontend, path)); folder.length > modules.length; folder = dirname(folder)) {
        const file = join(folder, "package.json");
        if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name) return folder;
    }
    return undefined;
}

const texts = (folder) =>
    readdirSync(folder)
        .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name) && statSync(join(folder, name)).isFile())
        .sort()
        .map((name) => readFileSync(join(folder, name), "utf8").trim());

/** The licence that a package names, else the one whose text it has. */
const licenceOf = (manifest, locked, folder) =>
    manifest?.license ??
    locked?.license ??
    (texts(folder).some((text) => text.includes("Permission is hereby granted, free of charge, to any person"))
        ? "MIT"
        : "NOASSERTION");

const found = new Map();
const add = (entry) =>
    found.set(`${entry.name} ${entry.version}`, { ...found.get(`${entry.name} ${entry.version}`), ...entry });

function addFolder(folder) {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const locked = lock[folder.slice(frontend.length).replace(/^\//, "")];
    // What Next brings compiled has no version of its own.
    const next = folder.includes("/next/dist/compiled/") ? lock["node_modules/next"].version : undefined;
    add({
        name: next ? basename(folder) : manifest.name,
        version: next ? `in-next-${next}` : manifest.version,
        license: licenceOf(manifest, locked, folder),
        integrity: locked?.integrity,
        within: next && `next ${next}`,
        texts: texts(folder),
    });
}

/** Files that are in the export as they are in a package: fonts, WebAssembly, pictures. */
function addCopies() {
    const bySize = new Map();
    for (const [path, entry] of Object.entries(lock)) {
        if (!path || entry.dev || entry.optional || !existsSync(join(frontend, path))) continue;
        for (const each of readdirSync(join(frontend, path), { recursive: true, withFileTypes: true })) {
            if (!each.isFile() || each.parentPath.slice(frontend.length + path.length).includes("node_modules"))
                continue;
            const file = join(each.parentPath, each.name);
            const size = statSync(file).size;
            bySize.set(size, [...(bySize.get(size) ?? []), file]);
        }
    }
    const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
    for (const file of files.filter((each) => !/\.(html|txt|js|css|map)$/.test(each))) {
        const twin = (bySize.get(statSync(file).size) ?? []).find((other) => digest(other) === digest(file));
        if (twin) addFolder(folderOf(twin.slice(frontend.length).replace(/^\//, "")));
    }
}

function addFonts() {
    for (const name of readdirSync(join(out, "excalidraw/fonts"))) {
        if (!fonts[name]) throw new Error(`excalidraw/fonts/${name}: add its licence to bundled.mjs`);
        const [license, text] = fonts[name];
        const version = lock["node_modules/@excalidraw/excalidraw"].version;
        add({ name: `${name} font`, version, license, within: `@excalidraw/excalidraw ${version}`, texts: [text] });
    }
}

function removeMaps() {
    for (const map of maps) rmSync(map);
    for (const file of files.filter((each) => /\.(js|css)$/.test(each))) {
        const text = readFileSync(file, "utf8");
        const without = text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=[^\n*]+(\*\/)?\s*$/, "");
        if (without !== text) writeFileSync(file, without);
    }
}

for (const source of new Set(maps.flatMap((map) => sourcesOf(JSON.parse(readFileSync(map, "utf8")))))) {
    const place = parse(source);
    const folder = place?.path && folderOf(place.path);
    if (folder) addFolder(folder);
    else if (place?.embedded) add({ license: "NOASSERTION", texts: [], ...place });
}
addCopies();
addFonts();

// What a package brings packed within has no folder: its licence is taken from another version of the same package, if there is one.
for (const entry of found.values()) {
    const folder = join(modules, entry.name);
    if (!entry.embedded || !existsSync(join(folder, "package.json"))) continue;
    entry.license = licenceOf(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")), undefined, folder);
    entry.texts = texts(folder);
}
const packages = [...found.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
);
if (packages.length < 50) throw new Error(`only ${packages.length} packages found in the source maps of ${out}`);

const line = "-".repeat(78);
const said = new Map();
const licence = (entry) => {
    const text = entry.texts.join("\n\n") || "No licence text is in its package.";
    const first = said.get(text);
    said.set(text, first ?? entry);
    return first && text.length > 200 ? `The text is that of ${first.name} ${first.version}.` : text;
};
const body = packages.map((entry) => {
    const within = entry.within ? `, part of ${entry.within}` : "";
    return `${line}\n${entry.name} ${entry.version}: ${entry.license}${within}\n\n${licence(entry)}\n`;
});
writeFileSync(
    join(out, "third-party-licenses.txt"),
    `The web application of livekit-conference has code of these ${packages.length} packages in it.\n\n${body.join("\n")}`,
);
writeFileSync(
    list,
    JSON.stringify(
        packages.map(({ texts: _, ...entry }) => entry),
        null,
        1,
    ) + "\n",
);
removeMaps();
console.log(`${basename(out)}: ${packages.length} packages`);
