"""Small source files for the tests of imports, and how to look at what was rejected."""
import csv
import json
import zipfile

import pytest

SQUARE = "POLYGON((138.80 37.40,138.81 37.40,138.81 37.41,138.80 37.41,138.80 37.40))"
HEADER = "適地番号,名称,市区町村コード,開示区分,面積ha,調査年月日,形状\n"


def sites(path, rows, encoding="utf-8-sig"):
    path.write_bytes((HEADER + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)).encode(encoding))
    return path


def good(number, shape=SQUARE):
    return [f"S{number}", "架空工場適地", "15202", "公開", "1.5", "令和6年4月1日", shape]


def many(count=30):
    return [good(i) for i in range(count)]


def rejected_records(run):
    """The reject file's rows as they are: one for each record."""
    with open(run.summary["rejects_file"], encoding="utf-8-sig", newline="") as table:
        return list(csv.reader(table))


def rejects(run, importer):
    """Each fault by itself: several of one record stand below each other in its cells."""
    header, *rows = rejected_records(run)
    out = []
    for row in rows:
        shared, faults = row[:2], zip(*(cell.split("\n") for cell in row[2:6]))
        out += [dict(zip(header, [*shared, *fault])) for fault in faults]
    return out


def refused(run, importer, *words, code=1):
    """Refused as a whole, with a message for people and nothing on disk."""
    assert run.code == code, run.stderr
    for word in words:
        assert word in run.stderr, run.stderr
    assert importer.files() == []
    assert "terminate called" not in run.stderr and "what()" not in run.stderr


def geojson(path, features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def municipality(geometry, code="15202"):
    return {"type": "Feature", "properties": {"N03_001": "新潟県", "N03_004": "長岡市", "N03_007": code}, "geometry": geometry}


def polygon(*points):
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


WHOLE = polygon((138.8, 37.4), (138.9, 37.4), (138.9, 37.5), (138.8, 37.5), (138.8, 37.4))


def shapefile(folder, name="zones", count=4, encoding="CP932", values=None, cpg=False):
    ogr, osr = pytest.importorskip("osgeo.ogr"), pytest.importorskip("osgeo.osr")
    folder.mkdir(exist_ok=True)
    system = osr.SpatialReference()
    system.ImportFromEPSG(4612)
    dataset = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(folder / f"{name}.shp"))
    layer = dataset.CreateLayer(name, system, ogr.wkbPolygon, [f"ENCODING={encoding}"])
    for field, kind in (("PREFEC_CD", ogr.OFTString), ("AREA_CD", ogr.OFTString), ("CTV_NAME", ogr.OFTString), ("FIS_YEAR", ogr.OFTInteger),
                        ("LAYER_NO", ogr.OFTString), ("AREA_SIZE", ogr.OFTReal), ("OBJ_NAME", ogr.OFTString), ("REMARK_STR", ogr.OFTString)):
        layer.CreateField(ogr.FieldDefn(field, kind))
    for i in range(count):
        feature = ogr.Feature(layer.GetLayerDefn())
        row = {"PREFEC_CD": "15", "AREA_CD": "15202", "CTV_NAME": "長岡市", "FIS_YEAR": 2015, "LAYER_NO": "06", "AREA_SIZE": 3.5, "OBJ_NAME": f"農用地{i}"}
        row.update((values or {}).get(i, {}))
        for key, value in row.items():
            feature.SetField(key, value)
        x = 138.8 + i * 0.01
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON(({x} 37.4,{x} 37.405,{x + 0.005} 37.405,{x + 0.005} 37.4,{x} 37.4))"))
        layer.CreateFeature(feature)
    dataset = layer = None
    if not cpg:
        (folder / f"{name}.cpg").unlink(missing_ok=True)
    return folder / f"{name}.shp"


HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cell_xml(place, value):
    if isinstance(value, tuple):  # a formula and what it came to
        return f'<c r="{place}"><f>{value[0]}</f><v>{value[1]}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value}</v></c>'
    if value is None or value == "":
        return ""
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def workbook(path, *sheets, merged=None):
    with zipfile.ZipFile(path, "w") as archive:
        kinds = {"_rels/.rels": "package.relationships", "xl/workbook.xml": "officedocument.spreadsheetml.sheet.main", "xl/styles.xml": "officedocument.spreadsheetml.styles"}
        kinds.update({f"xl/worksheets/sheet{n}.xml": "officedocument.spreadsheetml.worksheet" for n in range(1, len(sheets) + 1)})
        parts = "".join(f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-{kind}+xml"/>\n' for name, kind in kinds.items())
        archive.writestr("[Content_Types].xml", f'{HEAD}\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\n{parts}</Types>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        names = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(sheets) + 1))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>')
        links = "".join(f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1))
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>')
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{SHEET}"/>')
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SHEET}"/>')
        for n, rows in enumerate(sheets, 1):
            lines = "".join(f'<row r="{y}">' + "".join(cell_xml(f"{chr(65 + x)}{y}", value) for x, value in enumerate(row)) + "</row>" for y, row in enumerate(rows, 1))
            joined = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
            archive.writestr(f"xl/worksheets/sheet{n}.xml", f'<worksheet xmlns="{SHEET}"><sheetData>{lines}</sheetData>{joined}</worksheet>')
    return path
