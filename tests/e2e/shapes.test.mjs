// Shapes that strangers bring, numbers that people type, and addresses that hold a question: without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { read_hash, write_hash } from "../../tileserver/viewer/src/address.js";
import { typed_number } from "../../tileserver/viewer/src/match/numbers.js";
import { answerable, kind_of, question_of_text, typed_codes } from "../../tileserver/viewer/src/match/question.js";
import { BadShape, corners_of, crosses_itself, limits, polygon_of_text, rough_area_m2 } from "../../tileserver/viewer/src/shapes.js";

const square = (x, y, side) => [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]];
const refused = (value, code) => assert.throws(() => polygon_of_text(typeof value === "string" ? value : JSON.stringify(value)),
  (error) => error instanceof BadShape && error.code === code, code);

test("a file's polygons become one shape, whatever they are wrapped in", () => {
  const polygon = { type: "Polygon", coordinates: [square(138.8, 37.4, 0.01)] };
  assert.deepEqual(polygon_of_text(JSON.stringify(polygon)), polygon);
  assert.deepEqual(polygon_of_text(`\uFEFF${JSON.stringify({ type: "Feature", properties: {}, geometry: polygon })}`), polygon);
  const two = { type: "FeatureCollection", features: [
    { type: "Feature", geometry: polygon },
    { type: "Feature", geometry: { type: "Point", coordinates: [138.8, 37.4] } },
    { type: "Feature", geometry: { type: "MultiPolygon", coordinates: [[square(138.9, 37.4, 0.01)]] } }] };
  const both = polygon_of_text(JSON.stringify(two));
  assert.equal(both.type, "MultiPolygon");
  assert.equal(both.coordinates.length, 2);
  assert.equal(corners_of(both), 8);
});

test("an open ring is closed, heights are left away", () => {
  const open = { type: "Polygon", coordinates: [square(138.8, 37.4, 0.01).slice(0, 4).map((corner) => [...corner, 12])] };
  assert.deepEqual(polygon_of_text(JSON.stringify(open)).coordinates[0], square(138.8, 37.4, 0.01));
});

test("bad files are refused, each for its own reason", () => {
  refused("{", "not_json");
  refused("12", "not_geojson");
  refused({ type: "FeatureCollection", features: [] }, "not_geojson");
  refused({ type: "LineString", coordinates: [[138, 37], [139, 37]] }, "no_polygon");
  refused({ type: "Polygon", coordinates: [square(37.4, 138.8, 0.01)] }, "swapped");
  refused({ type: "Polygon", coordinates: [square(27000, 150000, 100)] }, "not_degrees");
  refused({ type: "Polygon", coordinates: [square(2.3, 48.8, 0.01)] }, "not_japan");
  refused({ type: "Polygon", coordinates: [[[138, 37], [139, 37]]] }, "too_few");
  refused({ type: "Polygon", coordinates: [] }, "too_few");
  refused({ type: "Polygon", coordinates: [[[138, 37], [139, "x"], [139, 38]]] }, "not_numbers");
  refused({ type: "Polygon", coordinates: [null] }, "not_numbers");
  refused({ type: "Polygon", coordinates: [Array.from({ length: limits.corners + 1 }, (_, i) => [138 + i / 1e6, 37])] }, "too_many");
  refused({ type: "Polygon", crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::6676" } }, coordinates: [square(138.8, 37.4, 0.01)] }, "other_system");
});

test("longitude and latitude of JGD2011 and WGS84 are taken as they are", () => {
  for (const name of ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::6668", "EPSG:4326"]) {
    const polygon = { type: "Polygon", crs: { type: "name", properties: { name } }, coordinates: [square(138.8, 37.4, 0.01)] };
    assert.equal(polygon_of_text(JSON.stringify(polygon)).type, "Polygon");
  }
});

test("the rough area is within half a percent of the geodesic one", () => {
  // 0.01 by 0.01 degrees at 37.4 N; PROJ's geodesic area on GRS80.
  const area = rough_area_m2({ type: "Polygon", coordinates: [square(138.8, 37.4, 0.01)] });
  assert.ok(Math.abs(area / 982634 - 1) < 0.005, String(area));
  const holed = rough_area_m2({ type: "Polygon", coordinates: [square(138.8, 37.4, 0.02), square(138.805, 37.405, 0.01)] });
  assert.ok(Math.abs(holed / area - 3) < 0.01);
});

test("lines that cross are found, neighbours that touch are not", () => {
  assert.equal(crosses_itself([[0, 0], [1, 1], [1, 0], [0, 1]]), true);
  assert.equal(crosses_itself([[0, 0], [1, 0], [1, 1], [0, 1]]), false);
  assert.equal(crosses_itself([[0, 0], [2, 0], [2, 2], [1, 0.5], [0, 2]]), false);
  assert.equal(crosses_itself([[0, 0], [2, 0], [2, 2], [1, -0.5], [0, 2]]), true);
});

test("numbers are read as people type them, and nothing else is a number", () => {
  assert.equal(typed_number("１２，５００．５"), 12500.5);
  assert.equal(typed_number(" 3 "), 3);
  assert.equal(typed_number("▲5"), -5);
  assert.equal(typed_number("1e3"), 1000);
  assert.equal(typed_number(""), undefined);
  for (const bad of ["abc", "1..2", "12ha", "Infinity", "NaN", "0x10", "-"]) assert.ok(Number.isNaN(typed_number(bad)), bad);
});

test("codes of municipalities lose their check digit, anything else is refused", () => {
  assert.deepEqual(typed_codes("１５２０２、152048 15202"), ["15202", "15204"]);
  assert.deepEqual(typed_codes("15"), ["15"]);
  for (const bad of ["", "1520", "abcde", "15202, x"]) assert.equal(typed_codes(bad), null, bad);
});

const choices = {
  facts: [{ name: "area_ha", form: "number" }, { name: "use_district", form: "codes" }],
  constraints: [{ name: "farmland_blue" }],
  layers: [{ id: "industrial_parks" }],
};

test("what the form cannot edit is kept as it is, not bent into what it can", () => {
  assert.equal(kind_of({ fact: "area_ha", min: 1, weight: 2, required: true }, choices), "number");
  assert.equal(kind_of({ fact: "use_district", in: ["industrial"] }, choices), "codes");
  assert.equal(kind_of({ fact: "area_ha", in: ["1"] }, choices), "other");
  assert.equal(kind_of({ fact: "nobody_knows", min: 1 }, choices), "other");
  assert.equal(kind_of({ fact: "area_ha", min: "1" }, choices), "other");
  assert.equal(kind_of({ fact: "use_district", in: "industrial" }, choices), "other");
  for (const broken of [{ near: null }, { near: 3 }, { away_from: null }, { away_from: { point: "x" } }, {}]) assert.equal(kind_of(broken, choices), "other", JSON.stringify(broken));
  assert.equal(kind_of({ constraint: "farmland_blue", max_share: 0.1 }, choices), "constraint");
  assert.equal(kind_of({ constraint: "farmland_blue", min_share: 0.1 }, choices), "other");
  assert.equal(kind_of({ near: { layer: "industrial_parks", max_km: 3 } }, choices), "near");
  assert.equal(kind_of({ near: { layer: "industrial_parks", filter: { op: "=" }, max_km: 3 } }, choices), "other");
  assert.equal(kind_of({ away_from: { point: [138, 37] }, min_km: 30 }, choices), "away");
  assert.deepEqual(answerable([{ fact: "area_ha", min: 1 }, { fact: "nobody_knows", min: 1 }, { near: { layer: "none" } }], choices), [{ fact: "area_ha", min: 1 }]);
});

test("an address holds view and question, and a broken one holds neither", () => {
  const question = JSON.stringify({ criteria: [{ fact: "name", in: ["a&b=c/#%+日本"] }] });
  const view = { zoom: 12.5, center: [138.84, 37.44] };
  assert.deepEqual(read_hash(write_hash({ view, match: question })), { view, match: question });
  assert.deepEqual(read_hash(write_hash({ match: question })), { view: null, match: question });
  assert.deepEqual(read_hash("#11/37.5/138.9"), { view: { zoom: 11, center: [138.9, 37.5] }, match: null });
  for (const nothing of ["", "#", "#1/2", "#x/y/z", "#11/137.5/38.9", "#match=%E0%A4%A"]) assert.deepEqual(read_hash(nothing), { view: null, match: null }, nothing);
  assert.equal(question_of_text(question).criteria.length, 1);
  for (const bad of ["", "{", "[]", "null", '{"criteria":3}', '{"criteria":[1]}', '{"criteria":[{"weight":"x"}]}', '{"criteria":[{"required":1}]}']) assert.equal(question_of_text(bad), null, bad);
});
