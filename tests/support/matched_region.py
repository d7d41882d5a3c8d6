"""The synthetic region for tests of matching: what lies in it is the generator's, but the layers that sites are judged by are
drawn anew: more shapes than a likely region has, which overlap anywhere, unknown figures, data for some places only."""
import csv
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

REGION = "15202"
WEST, SOUTH, EAST, NORTH = 138.43, 37.01, 139.25, 37.77
M_PER_DEGREE = 111_195
# One site in so many stays hidden: matching must not know it.
HIDDEN_EVERY = 50
POINT_EVERY = 90
MUNICIPALITIES = ["15202", "15204", "15205", "15208", "15209", "15210", "15211", "15213", "15225", "15342", "15361", "15405",
                  "15504"]
SOME_MUNICIPALITIES = MUNICIPALITIES[:3] + MUNICIPALITIES[4:10]  # elsewhere the layer knows nothing
DEPTH_RANKS = ["1", "2", "3", "4", "5", "6"]


def spot(dice):
    return dice.uniform(WEST, EAST), dice.uniform(SOUTH, NORTH)


def ring(dice, lon, lat, least_m, most_m, corners):
    """Star-shaped round its middle, so it never crosses itself."""
    angles = sorted((number + dice.uniform(0.1, 0.9)) / corners * 2 * math.pi for number in range(corners))
    points = []
    for angle in angles:
        far = dice.uniform(least_m, most_m) / M_PER_DEGREE
        points.append([round(lon + far * math.cos(angle) / math.cos(math.radians(lat)), 9),
                       round(lat + far * math.sin(angle), 9)])
    return points + points[:1]


def patch(dice, least_m, most_m, hole=0.2):
    """A polygon anywhere in the region; some have a hole."""
    lon, lat = spot(dice)
    size = math.exp(dice.uniform(math.log(least_m), math.log(most_m)))
    rings = [ring(dice, lon, lat, size * 0.5, size, dice.randint(8, 48))]
    if dice.random() < hole:
        rings.append(ring(dice, lon, lat, size * 0.1, size * 0.3, dice.randint(5, 12))[::-1])
    return {"type": "Polygon", "coordinates": rings}


def point(dice):
    return {"type": "Point", "coordinates": list(spot(dice))}


def platform(dice):
    lon, lat = spot(dice)
    return {"type": "LineString", "coordinates": [[lon, lat], [lon + dice.uniform(-0.002, 0.002), lat + 0.001]]}


def date(dice, first, last):
    return f"{dice.randint(first, last)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def flood(dice, number):
    rank = dice.choice(DEPTH_RANKS)
    return patch(dice, 300, 3000), {"番号": f"F{number}", "浸水深ランク": rank, "想定規模": dice.choice(["planned", "maximum"]),
                                    "河川名": f"川{number % 7}", "指定年月日": date(dice, 2010, 2020)}


def soil(dice, number):
    lifted = date(dice, 2021, 2023) if dice.random() < 0.2 else None
    return patch(dice, 40, 500), {"指定番号": f"S{number}", "区域区分": dice.choice(["action_required", "notification_required"]),
                                  "指定年月日": date(dice, 2005, 2020), "解除年月日": lifted}


def protected(dice, number):
    kind = dice.choice(["natural_park", "special_area", "nature_conservation", "wildlife_protection"])
    return patch(dice, 400, 4000), {"区域番号": f"P{number}", "区域名": f"保全区域{number}", "区分": kind,
                                    "指定年月日": date(dice, 1970, 2015)}


def promotion(dice, number):
    over = date(dice, 2021, 2023) if dice.random() < 0.2 else None
    return patch(dice, 800, 6000), {"区域番号": f"Z{number}", "区域名": f"促進区域{number}",
                                    "区分": dice.choice(["priority", "promotion", "factory_location_relief"]),
                                    "都道府県コード": "15", "有効開始日": date(dice, 2017, 2020), "有効終了日": over}


def divided(dice, number):
    return patch(dice, 1500, 8000), {"prefec_cd": "15", "area_cd": f"{number:03}", "layer_no": dice.choice(["1", "2"])}


def waterworks(dice, number):
    capacity = dice.randrange(5_000, 200_000, 100)
    contracted = None if number % 4 == 0 else round(capacity * dice.uniform(0.3, 1.05))
    return patch(dice, 6000, 16000), {"事業番号": f"W{number}", "事業名": f"工業用水道{number}", "都道府県コード": "15", "年度": "2023",
                                      "給水能力": capacity, "契約水量": contracted}


def station(dice, number):
    return platform(dice), {"N02_001": "11", "N02_002": "2", "N02_003": f"線{number % 5}", "N02_004": "鉄道",
                            "N02_005": f"駅{number}"}


def port(dice, number):
    return point(dice), {"C02_002": dice.choice(["12", "13", "14"]), "C02_003": "15202", "C02_004": f"{number:05}",
                         "C02_005": f"港{number}", "C02_006": "1"}


def airport(dice, number):
    return patch(dice, 500, 1200, hole=0), {"C28_005": f"空港{number}", "C28_003": dice.choice(["2", "4"]), "C28_004": "1"}


def substation(dice, number):
    return point(dice), {"変電所番号": f"E{number}", "変電所名": f"変電所{number}", "電圧": dice.choice([66, 77, 154, 275]),
                         "空き容量": dice.choice([None, *range(0, 200, 7)]), "都道府県コード": "15"}


def forest(dice, number):
    return patch(dice, 500, 4000), {"PREFEC_CD": "15", "AREA_CD": f"{number:03}", "LAYER_NO": dice.choice(["07", "08", "10"]),
                                    "OBJ_NAME": f"森林{number}"}


# Of the generator. Its other layers lie too well to find faults by.
KEPT = {"municipalities", "interchanges", "zoning", "farmland_zones", "farmland_parcels", "industrial_parks", "water_pipes",
        "water_facilities", "investments"}
# layer: profile, how one record is drawn, how many at scale 1, as of when, for which places it is complete (none: not said)
DRAWN = {
    "flood_depth": ("flood-depth", flood, 700, "2024-03-31", SOME_MUNICIPALITIES),
    "soil_contamination": ("soil-contamination", soil, 900, "2024-06-30", MUNICIPALITIES[:11]),
    "protected_areas": ("protected-areas", protected, 150, "2022-03-31", None),
    "promotion_zones": ("promotion-zones", promotion, 90, "2024-04-01", ["15"]),
    "city_planning": ("ksj-a09", divided, 60, "2018-03-31", ["15"]),
    "waterworks": ("waterworks", waterworks, 12, "2024-03-31", ["15"]),
    "stations": ("ksj-n02", station, 90, "2023-12-31", ["japan"]),
    "ports": ("ksj-c02", port, 6, "2014-12-31", ["japan"]),
    "airports": ("ksj-c28", airport, 3, "2021-12-31", ["japan"]),
    "substations": ("substations", substation, 160, "2025-04-01", SOME_MUNICIPALITIES),
    "forest_areas": ("ksj-a13", forest, 150, "2015-12-31", ["15"]),
}
ENOUGH = 3  # of each layer, however small the scale


def write_drawn(folder, seed, scale):
    for layer, (profile, draw, count, as_of, covers) in DRAWN.items():
        dice = random.Random(f"{layer} {seed}")
        features = []
        for number in range(1, max(ENOUGH, round(count * min(1, scale * 4))) + 1):
            geometry, properties = draw(dice, number)
            features.append({"type": "Feature", "properties": properties | {"synthetic": 1}, "geometry": geometry})
        name = f"drawn_{layer}.geojson"
        (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False),
                                   encoding="utf-8")
        yield {"profile": profile, "files": [name], "layer": layer, "as_of": as_of,
               "options": ["--partition", "15", *(["--covers", ",".join(covers)] if covers else [])]}


def rewritten(file, encoding, change):
    """Rows of a CSV of the generator as dictionaries, changed in place by their number."""
    with open(file, encoding=encoding, newline="") as text:
        rows = list(csv.DictReader(text))
    for number, row in enumerate(rows):
        change(number, row)
    with open(file, "w", encoding=encoding, newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def opened_site(number, row):
    """Almost every site becomes public, of which few are in the generator's mixture; some are mere points."""
    if number % HIDDEN_EVERY:
        row["開示区分"] = "公開"
    if number % POINT_EVERY == 1 and row["形状"].startswith("POLYGON(("):
        row["形状"] = f"POINT({row['形状'][len('POLYGON(('):].split(',')[0]})"


def shared_pipe(number, row):
    """Half of the industrial pipes are of undertakings whose service areas are known."""
    if number % 2:
        row["事業者名"] = f"工業用水道{number // 2 % 4 + 1}"


def done(command):
    run = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(map(str, command))}\n{run.stdout}")


def synth(binary, folder, seed, scale):
    done([binary, "synth", "--region", REGION, "--seed", seed, "--scale", scale, "--out", folder])


def add_sites(binary, file, seeds):
    """Appends the sites that other seeds have in the same region, under numbers of their own."""
    for seed in seeds:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            synth(binary, folder, seed, 1)
            other = pathlib.Path(folder) / file.name
            rewritten(other, "CP932", opened_site)
            with open(other, encoding="CP932", newline="") as text, open(file, "a", encoding="CP932", newline="") as out:
                rows = csv.reader(text)
                number = next(rows).index("適地番号")
                writer = csv.writer(out, lineterminator="\r\n")
                for row in rows:
                    row[number] = f"{seed}-{row[number]}"
                    writer.writerow(row)


def make(binary, folder, seed, scale, seeds_of_more_sites=()):
    """Source files and their manifest in `folder`.source, all of it imported to `folder`."""
    folder = pathlib.Path(folder)
    sources = folder.with_name(folder.name + ".source")
    synth(binary, sources, seed, scale)
    manifest = json.loads((sources / "manifest.json").read_text("utf-8"))
    rewritten(sources / "site-survey.csv", "CP932", opened_site)
    rewritten(sources / "water-pipe-ledger.csv", "utf-8-sig", shared_pipe)
    add_sites(binary, sources / "site-survey.csv", seeds_of_more_sites)
    # Sites last: what their facts are made of is there already.
    sites = [each for each in manifest["imports"] if each["layer"] == "factory_sites"]
    kept = [each for each in manifest["imports"] if each["layer"] in KEPT]
    for entry in [*kept, *write_drawn(sources, seed, scale), *sites]:
        command = [binary, "import", entry["profile"], *(sources / name for name in entry["files"]), "--data", folder,
                   "--progress", "none", *entry.get("options", [])]
        done(command + (["--as-of", entry["as_of"]] if entry.get("as_of") else []))
    return folder


if __name__ == "__main__":  # BIN FOLDER SEED SCALE [HOW-MANY-SEEDS-OF-SITES]
    program, target, first_seed, size, *more = sys.argv[1:]
    make(program, target, int(first_seed), float(size), range(1001, 1000 + int(more[0])) if more else ())
