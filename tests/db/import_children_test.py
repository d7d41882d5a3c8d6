"""Rows that belong to one feature are stored beside it, in the source's order, with the notes of the import."""
from ledger_files import csv_file, workbook

HEADER = ["事業番号", "事業名", "総事業費", "公費", "融資額", "金融機関名", "金融機関区分", "金融機関別融資額", "融資決定日", "開示区分"]
# 紀の川 in its published figures, the sum of which is not the total.
ROWS = [["1", "紀の川", "29,002千円", "14,502千円", "14,502千円", "甲銀行", "地銀", "10,000千円", "令和6年4月1日", "公開"],
        ["2", "久慈", "", "40,000千円", "57,505千円", "A銀行、B信用金庫", "", "", "", "公開"],
        ["1", "紀の川", "29,002千円", "14,502千円", "14,502千円", "乙信用金庫", "信金", "4,500千円", "", "公開"],
        ["3", "佐久", "", "4,333千円", "", "丙信用組合", "信組", "4,334千円", "", "公開"],
        ["4", "単独", "1億円", "", "", "", "", "", "", "公開"]]


def lenders(importer):
    return importer.rows("investments", "SELECT source_id, position, l.name, lender_kind, l.loan_jpy, l.decided_on FROM investments_lenders l "
                         "JOIN investments i ON i.id = l.feature_id ORDER BY source_id, position")


def test_lenders_are_stored_with_their_project(importer, tmp_path):
    run = importer("investments", csv_file(tmp_path / "a.csv", HEADER, [*ROWS, ROWS[0]]))
    assert (run.summary["features"], run.summary["merged_away"], run.summary["duplicate_rows"]) == (4, 2, 1)
    stored = lenders(importer)
    first = stored[0][1]
    assert [(row[0], row[1] - first, *row[2:]) for row in stored] == [
        ("1", 0, "甲銀行", "regional_bank", 10_000_000, "2024-04-01"), ("1", 1, "乙信用金庫", "shinkin_bank", 4_500_000, None), ("2", 0, "A銀行", None, None, None),
        ("2", 1, "B信用金庫", None, None, None), ("3", 0, "丙信用組合", "credit_cooperative", 4_334_000, None)]
    # However many lenders, the project's amounts are there once.
    assert importer.rows("investments", "SELECT sum(amount_jpy), sum(public_jpy), sum(loan_jpy) FROM investments") == [(129_002_000, 58_835_000, 76_341_000)]
    notes = importer.rows("investments", "SELECT source_id, kind, field, before, after FROM ritchi_notes n JOIN investments i ON i.id = n.feature_id")
    assert notes == [("1", "sum_differs", "loan_jpy", "14502000 JPY", "14500000 JPY")]


def test_lenders_are_the_same_from_a_workbook(new_importer, tmp_path):
    one, other = new_importer("one"), new_importer("other")
    one("investments", csv_file(tmp_path / "a.csv", HEADER, ROWS))
    other("investments", workbook(tmp_path / "a.xlsx", {"一覧": (HEADER, ROWS)}))
    assert lenders(one) == lenders(other)


def test_years_of_an_undertaking(importer, tmp_path):
    square = "POLYGON((138.8 37.4,138.81 37.4,138.81 37.41,138.8 37.4))"
    header = ["事業番号", "事業名", "年度", "給水能力(m3/日)", "契約水量(m3/日)", "管路経年化率", "基本料金", "超過料金", "使用料金", "純損益", "給水区域"]
    rows = [["1", "架空工業用水道", "令和5年度", "116,500", "0", "62.1", "10", "20", "3", "▲3,500万円", square], ["1", "架空工業用水道", "R4", "116,500", "116,500", "60", "10", "20", "3", "1億円", square]]
    importer("waterworks", csv_file(tmp_path / "a.csv", header, rows))
    assert importer.rows("waterworks", "SELECT source_id, fiscal_year, contracted_m3_per_day, pipe_ageing_percent, profit_jpy FROM waterworks") == [("1", 2023, 0, 62.1, -35_000_000)]
    assert importer.rows("waterworks", "SELECT fiscal_year, contracted_m3_per_day, pipe_ageing_percent, excess_tariff_jpy_per_m3, profit_jpy FROM waterworks_years ORDER BY position") == [
        (2023, 0, 62.1, 20, -35_000_000), (2022, 116_500, 60, 20, 100_000_000)]


def test_progress_of_a_plan(importer, tmp_path):
    square = "POLYGON((138.8 37.4,138.81 37.4,138.81 37.41,138.8 37.4))"
    header = ["計画番号", "計画名", "計画区分", "KGI投資額", "進捗時点", "投資実績額（億円）", "育成人数実績", "KPI", "区域"]
    rows = [["A-1", "甲", "A", "8,000億円", date, amount, people, kpi, square] for date, amount, people, kpi in [("令和8年9月30日", "100", "120人", "①達成"), ("2027-03-31", "300", "", "")]]
    importer("clusters", csv_file(tmp_path / "a.csv", header, rows))
    assert importer.rows("clusters", "SELECT count(*), max(kgi_investment_jpy) FROM clusters") == [(1, 800_000_000_000)]
    assert importer.rows("clusters", "SELECT as_of, investment_jpy, people, kpi FROM clusters_progress ORDER BY position") == [
        ("2026-09-30", 10_000_000_000, 120, "①達成"), ("2027-03-31", 30_000_000_000, None, None)]
