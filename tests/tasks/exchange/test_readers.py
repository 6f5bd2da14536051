"""Data files of every format: rows with their numbers, and one clear sentence for what is wrong."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.exchange import archive
from tasks.exchange.archive import (
    ArchiveError,
    BombError,
    BrokenArchiveError,
    CrowdedArchiveError,
    EscapingNameError,
    LockedArchiveError,
    NoDataFileError,
    SeveralDataFilesError,
    TwiceError,
)
from tasks.exchange.delimited import read_csv, read_tsv
from tasks.exchange.formats import open_data
from tasks.exchange.jsonl import read_jsonl
from tasks.exchange.rows import (
    LongLineError,
    MissingDataError,
    NamelessColumnError,
    NoHeaderError,
    NotUtf8Error,
    NullsError,
    OtherFileError,
    Read,
    Row,
    SameColumnError,
    UnknownFormatError,
    Utf16Error,
    WideError,
)
from tasks.projects.mistakes import UnreadableDataError, english
from tasks.projects.pictures import HeavyPictureError, MissingPictureError, OutsidePictureError, PictureError


def read(reader: Read, raw: bytes) -> list[Row]:
    return list(reader(io.BytesIO(raw)))


def cells(reader: Read, raw: bytes) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read(reader, raw)]


def wrongs(reader: Read, raw: bytes) -> list[tuple[int, str]]:
    return [(row.number, english(row.wrong)) for row in read(reader, raw) if row.wrong]


# --------------------------------------------------------------------------- CSV and TSV


@pytest.mark.parametrize(
    "raw",
    [
        b"id,text\n1,hi\n2,ho\n",
        b"\xef\xbb\xbfid,text\r\n1,hi\r\n2,ho\r\n",
        b'"id","text"\n"1","hi"\n"2","ho"',
        b"id;text\n1;hi\n2;ho\n",
        b" id , text \n1,hi\n\n2,ho\n,,\n",
    ],
)
def test_rows_are_the_same_however_they_are_written(raw: bytes) -> None:
    assert cells(read_csv, raw) == [{"id": "1", "text": "hi"}, {"id": "2", "text": "ho"}]


def test_tabs_separate_tsv() -> None:
    assert cells(read_tsv, b"id\ttext\n1\ta, b\n") == [{"id": "1", "text": "a, b"}]


def test_quotes_hold_commas_quotes_and_lines() -> None:
    assert cells(read_csv, b'text\n"a, ""b""\nc"\n') == [{"text": 'a, "b"\nc'}]


def test_a_row_that_does_not_fit_is_wrong_and_the_others_are_fine() -> None:
    rows = read(read_csv, b"id,text\n1\n2,ho\n3,a,b\n")
    assert [bool(row.wrong) for row in rows] == [True, False, True]
    assert wrongs(read_csv, b"id,text\n1\n")[0] == (1, "give it 2 cells: it has 1")


def test_an_open_quote_is_told_at_its_row() -> None:
    number, told = wrongs(read_csv, b'id,text\n1,fine\n2,"open\n3,x\n')[0]
    assert (number, "close the quotes" in told) == (2, True)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", NoHeaderError),
        (b"\n", NoHeaderError),
        (b"id,,text\n", NamelessColumnError),
        (b"id,text,id\n", SameColumnError),
        (b"id,text\n1,caf\xe9\n", NotUtf8Error),
        ("id,text\n1,hi\n".encode("utf-16"), Utf16Error),
        ("id,text\n1,hi\n".encode("utf-16-be"), NullsError),
        (b"\x89PNG\r\n\x1a\n....", OtherFileError),
        (b"PK\x03\x04workbook", OtherFileError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OtherFileError),
        (b"%PDF-1.7\n", OtherFileError),
        (b"a," * 520_000, UnreadableDataError),
        (",".join(f"c{n}" for n in range(1_001)).encode(), WideError),
        (b"text\n" + b"a" * (2 << 20), LongLineError),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(raw: bytes, error: type[UnreadableDataError]) -> None:
    with pytest.raises(error):
        read(read_csv, raw)


def test_a_row_of_many_long_cells_is_told_and_not_kept() -> None:
    header = ",".join(f"c{n}" for n in range(20)).encode()
    row = b",".join([b'"' + b"a\n" * 50_000 + b'"'] * 20)
    with pytest.raises(LongLineError):
        read(read_csv, header + b"\n" + row)


def test_an_object_of_too_many_columns_is_told() -> None:
    with pytest.raises(WideError):
        read(read_jsonl, json.dumps({f"c{n}": n for n in range(1_001)}).encode())


@given(st.binary(max_size=300))
def test_no_bytes_crash_a_reader(raw: bytes) -> None:
    for reader in (read_csv, read_tsv, read_jsonl):
        try:
            rows = read(reader, raw)
        except UnreadableDataError:
            continue
        assert all(row.wrong or row.cells is not None for row in rows)


# --------------------------------------------------------------------------- JSON Lines


def test_objects_are_rows_and_need_not_be_alike() -> None:
    second = '{"id": "2", "n": 1.5, "yes": true, "no": null, "many": ["a", "b"], "deep": {"x": 1}}'
    raw = f'{{"id": 1, "text": "안녕"}}\n\n{second}\n'
    assert cells(read_jsonl, raw.encode()) == [
        {"id": "1", "text": "안녕"},
        {"id": "2", "n": "1.5", "yes": "true", "no": "", "many": "a|b", "deep": '{"x": 1}'},
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "mend the JSON near column"),
        (b"[1]", "write an object in braces"),
        (b"7", "write an object in braces"),
        (b"[" * 100_000, "JSON"),
        (b'{"n": ' + b"9" * 10_000 + b"}", "plainer JSON"),
    ],
)
def test_a_line_that_is_no_row_is_told(line: bytes, told: str) -> None:
    [(number, wrong)] = wrongs(read_jsonl, b'{"id": 1}\n' + line + b"\n")
    assert number == 2
    assert told in wrong


# --------------------------------------------------------------------------- ZIP


def packed(path: Path, members: Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, raw in members:
            packing.writestr(name, raw)
    return path


DATA = ("data.csv", b"id,photo\n1,a.png\n")


def test_a_zip_has_one_data_file_and_its_pictures(tmp_path: Path) -> None:
    members = [
        ("set/data.csv", DATA[1]),
        ("set/사진/a.png", b"pixels"),
        ("__MACOSX/set/._data.csv", b"x"),
        ("top.png", b"t"),
    ]
    with open_data(packed(tmp_path / "d.zip", members)) as source:
        assert [dict(row.cells) for row in source.rows()] == [{"id": "1", "photo": "a.png"}]
        assert source.position == source.size == len(DATA[1])
        assert source.picture("사진/a.png") == b"pixels"
        assert source.picture("./top.png") == b"t"
        with pytest.raises(MissingPictureError, match=r"“b\.png”"):
            source.picture("b.png")


def test_a_name_in_decomposed_characters_is_found(tmp_path: Path) -> None:
    with open_data(packed(tmp_path / "d.zip", [DATA, ("\u1100\u1161.png", b"x")])) as source:
        assert source.picture("가.png") == b"x"


@pytest.mark.parametrize("name", ["../evil.png", "/etc/passwd", "a/../../b.png", "..\\evil.png", "C:/evil.png"])
def test_a_name_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(EscapingNameError), open_data(packed(tmp_path / "d.zip", [DATA, (name, b"x")])):
        pass


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    with pytest.raises(BombError), open_data(packed(tmp_path / "d.zip", [DATA, ("a.png", bytes(30 << 20))])):
        pass


def test_too_much_in_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_TOTAL", 1000)
    path = packed(tmp_path / "d.zip", [DATA, *((f"{n}.png", b"x" * 300) for n in range(4))])
    with pytest.raises(BombError), open_data(path):
        pass


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_MEMBERS", 3)
    path = packed(tmp_path / "d.zip", [DATA, *((f"{n}.png", b"x") for n in range(4))])
    with pytest.raises(CrowdedArchiveError), open_data(path):
        pass


def test_a_member_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "d.zip", [DATA, ("a.png", b"x" * 5000)])
    raw = path.read_bytes()
    path.write_bytes(raw.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    with open_data(path) as source, pytest.raises(PictureError):
        source.picture("a.png")


def test_a_picture_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    with (
        open_data(packed(tmp_path / "d.zip", [DATA, ("a.png", b"x" * 101)])) as source,
        pytest.raises(HeavyPictureError),
    ):
        source.picture("a.png")


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ([("a.png", b"x")], NoDataFileError),
        ([], NoDataFileError),
        ([DATA, ("more.jsonl", b"{}")], SeveralDataFilesError),
    ],
)
def test_which_file_is_the_data_must_be_clear(
    tmp_path: Path, members: list[tuple[str, bytes]], error: type[ArchiveError]
) -> None:
    with pytest.raises(error), open_data(packed(tmp_path / "d.zip", members)):
        pass


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        pytest.raises(TwiceError, match=r"“a\.png” twice"),
        open_data(packed(tmp_path / "d.zip", [DATA, ("a.png", b"x"), ("a.png", b"y")])),
    ):
        pass
    composed = packed(tmp_path / "e.zip", [DATA, ("\u1100\u1161.png", b"x"), ("가.png", b"y")])
    with pytest.raises(TwiceError), open_data(composed):
        pass


def test_names_that_differ_in_their_case_are_two_files(tmp_path: Path) -> None:
    with open_data(packed(tmp_path / "d.zip", [DATA, ("a.png", b"small"), ("A.png", b"large")])) as source:
        assert (source.picture("a.png"), source.picture("A.png")) == (b"small", b"large")


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", [DATA]).read_bytes()
    with pytest.raises(NoDataFileError), open_data(packed(tmp_path / "d.zip", [("inner.zip", inner)])):
        pass


def test_a_password_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "d.zip", [DATA])
    raw = bytearray(path.read_bytes())
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(head) + flags] |= 1
    path.write_bytes(raw)
    with pytest.raises(LockedArchiveError, match="without a password"), open_data(path):
        pass


def test_a_hundred_thousand_files_and_one_are_refused_before_any_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes((b"PK\x01\x02" + bytes(42)) * 100_001)
    with pytest.raises(CrowdedArchiveError, match="more than 100000 files"), open_data(tmp_path / "d.zip"):
        pass


def test_a_link_is_read_as_the_text_it_is_and_leads_nowhere(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with open_data(packed(tmp_path / "d.zip", [DATA, (link, b"/etc/hostname")])) as source:
        assert source.picture("a.png") == b"/etc/hostname"


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 not really", b"hello" * 100])
def test_what_is_no_zip_is_told(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "d.zip").write_bytes(raw)
    with pytest.raises(BrokenArchiveError), open_data(tmp_path / "d.zip"):
        pass


def test_a_damaged_zip_is_told_while_it_is_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "d.zip", [("data.csv", b"id,text\n" + json.dumps([*range(9000)]).encode())])
    raw = bytearray(path.read_bytes())
    raw[200:260] = bytes(60)
    path.write_bytes(raw)
    with open_data(path) as source, pytest.raises(BrokenArchiveError):
        list(source.rows())


# --------------------------------------------------------------------------- files


def test_pictures_lie_beside_the_data_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    (folder / "in").mkdir(parents=True)
    (folder / "data.csv").write_bytes(DATA[1])
    (folder / "in" / "a.png").write_bytes(b"x")
    (tmp_path / "secret.png").write_bytes(b"x")
    (folder / "way-out.png").symlink_to(tmp_path / "secret.png")
    with open_data(folder / "data.csv") as source:
        assert source.picture("in/a.png") == b"x"
        for name in ("../secret.png", str(tmp_path / "secret.png"), "way-out.png"):
            with pytest.raises(OutsidePictureError):
                source.picture(name)
        for name in ("none.png", "in", "a\x00b"):
            with pytest.raises(MissingPictureError):
                source.picture(name)


def test_a_file_that_is_not_there_or_of_no_format(tmp_path: Path) -> None:
    for name in ("none.csv", "none.zip"):
        with pytest.raises(MissingDataError), open_data(tmp_path / name):
            pass
    with (
        pytest.raises(UnknownFormatError, match=r"\.csv, \.tsv, \.jsonl, \.ndjson, \.zip"),
        open_data(tmp_path / "a.xlsx"),
    ):
        pass
