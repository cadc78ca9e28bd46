// Builds what the pages load into dist/: `npm ci && npm run build`.
// It is built beside dist/ and moved there when it is whole, so that a running server never shows half a build.

import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const from = (...parts) => path.join(here, ...parts);
const target = from("dist");
const workshop = from(`dist.${process.pid}`);
const into = (name) => path.join(workshop, name);

// What ends up in dist/, the map library's own parts included (its build has them inside).
const SHIPPED = [
  "govuk-frontend",
  "vis-network",
  "vis-data",
  "vis-util",
  "@egjs/hammerjs",
  "component-emitter",
  "keycharm",
  "uuid",
];

async function styles() {
  const { css } = sass.compile(from("styles", "kith.scss"), { style: "compressed" });
  await writeFile(into("kith.css"), css);
}

async function scripts() {
  const { outputFiles } = await build({
    entryPoints: [from("src", "kith.mjs")],
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2020",
    legalComments: "none",
    write: false,
  });
  // The name stands in a few messages for developers only. Kith is no government service and never says it is.
  await writeFile(into("kith.js"), outputFiles[0].text.replaceAll("GOV.UK Frontend", "govuk-frontend"));
}

async function mapLibrary() {
  const source = from("node_modules", "vis-network", "dist", "vis-network.min.js"); // without styles a strict policy refuses
  const text = await readFile(source, "utf8");
  await writeFile(into("vis-network.min.js"), text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

async function licenceOf(name) {
  const folder = from("node_modules", name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const names = (await readdir(folder)).filter((file) => /^licen[cs]e/i.test(file)).sort();
  const files = names.map((file) => path.join(folder, file));
  if (files.length === 0) {
    files.push(from("licences", `${name}.txt`)); // the package itself ships none
  }
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}

async function licences() {
  const texts = await Promise.all(SHIPPED.map(licenceOf));
  await writeFile(into("licences.txt"), `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
}

await rm(workshop, { recursive: true, force: true });
await mkdir(workshop);
try {
  await Promise.all([
    styles(),
    scripts(),
    mapLibrary(),
    licences(),
    copyFile(from("assets", "favicon.svg"), into("favicon.svg")),
  ]);
  await rm(target, { recursive: true, force: true });
  await rename(workshop, target);
} finally {
  await rm(workshop, { recursive: true, force: true });
}
console.log(`Built ${path.relative(process.cwd(), target) || target}.`);
