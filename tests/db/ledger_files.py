"""One table of a ledger written in every form in which cities keep it."""
import json

import pytest

FORMS = ["csv", "cp932", "xlsx", "gpkg", "shp", "geojson"]


def _ogr():
    return pytest.importorskip("osgeo.ogr"), pytest.importorskip("osgeo.osr")


def csv_file(path, header, rows, encoding="utf-8-sig"):
    lines = [header, *rows]
    path.write_bytes("".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines).encode(encoding))
    return path


def workbook(path, sheets):
    """sheets: name -> (header, rows); numbers stay numbers, as people type them."""
    ogr, _ = _ogr()
    dataset = ogr.GetDriverByName("XLSX").CreateDataSource(str(path))
    for name, (header, rows) in sheets.items():
        layer = dataset.CreateLayer(name, None, ogr.wkbNone)
        numeric = [any(isinstance(row[i], (int, float)) for row in rows) for i in range(len(header))]
        for column, number in zip(header, numeric):
            layer.CreateField(ogr.FieldDefn(column, ogr.OFTReal if number else ogr.OFTString))
        for row in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for i, cell in enumerate(row):
                if cell != "":
                    feature.SetField(i, cell)
            layer.CreateFeature(feature)
    dataset = layer = None
    return path


def vector(path, driver, name, header, rows, shapes, epsg=6668, fields=None):
    """Rows with real shapes (WKT or None); fields: shorter names of the columns, for shapefiles."""
    ogr, osr = _ogr()
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    dataset = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    kind = ogr.CreateGeometryFromWkt(next(shape for shape in shapes if shape)).GetGeometryType()
    layer = dataset.CreateLayer(name, system, kind, ["ENCODING=CP932"] if driver == "ESRI Shapefile" else [])
    for column in fields or header:
        layer.CreateField(ogr.FieldDefn(column, ogr.OFTString))
    for row, shape in zip(rows, shapes):
        feature = ogr.Feature(layer.GetLayerDefn())
        for i, cell in enumerate(row):
            if cell != "":
                feature.SetField(i, str(cell))
        if shape:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        layer.CreateFeature(feature)
    dataset = layer = None
    return path


def in_form(form, folder, header, rows, shapes, shape_columns):
    """shape_columns: (names, cells by row) that stand for the shape where the format has none."""
    names, cells = shape_columns
    flat = [list(row) + list(cell) for row, cell in zip(rows, cells)]
    folder.mkdir(exist_ok=True)
    if form in ("csv", "cp932"):
        return csv_file(folder / "a.csv", header + names, flat, "CP932" if form == "cp932" else "utf-8-sig")
    if form == "xlsx":
        return workbook(folder / "a.xlsx", {"台帳": (header + names, flat), "凡例": (["記号", "意味"], [["-", "不明"]])})
    if form == "geojson":
        ogr, _ = _ogr()
        features = [{"type": "Feature", "properties": {k: v for k, v in zip(header, row) if v != ""},
                     "geometry": json.loads(ogr.CreateGeometryFromWkt(shape).ExportToJson()) if shape else None} for row, shape in zip(rows, shapes)]
        path = folder / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")
        return path
    return vector(folder / f"a.{form}", {"gpkg": "GPKG", "shp": "ESRI Shapefile"}[form], "a", header, rows, shapes)


def whole(importer, layer):
    """Every row of a layer: all values by source_id, and the shapes."""
    (partition,) = [path.stem for path in (importer.data / layer).glob("*.sqlite")]
    columns = [row[1] for row in importer.rows(layer, f"PRAGMA table_info({layer})", partition) if row[1] != "geom"]
    return importer.rows(layer, f"SELECT {', '.join(columns)} FROM {layer} ORDER BY source_id", partition), importer.geometries(layer, partition)
