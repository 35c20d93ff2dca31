"""Third-party files in the cache: the recorded ones, whole or not at all."""

import hashlib
import zipfile

import pytest

from book.extensions import fetched_files

DIGEST = hashlib.sha256(b"right").hexdigest()
HASHES = {"a.txt": DIGEST, "below/b.txt": DIGEST}


def give(names, folder):
    """Write the right files."""
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("right")


def test_only_what_is_wrong_is_fetched_and_then_nothing(tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "a.txt").write_text("right")
    (cache / "own.txt").write_text("kept")
    asked = []

    def fetch(names, folder):
        asked.append(names)
        give(names, folder)

    for _ in range(2):
        assert fetched_files.locate(cache, HASHES, fetch) == cache
    assert asked == [["below/b.txt"]]
    assert fetched_files.wrong_files(cache, HASHES) == []
    assert (cache / "own.txt").read_text() == "kept"
    assert list(tmp_path.iterdir()) == [cache]


def test_a_wrong_file_never_gets_into_the_cache(tmp_path):
    cache = tmp_path / "cache"

    def fetch(names, folder):
        give(names, folder)
        (folder / "a.txt").write_text("wrong")

    with pytest.raises(fetched_files.FetchError, match=r"for cache: a\.txt$"):
        fetched_files.locate(cache, HASHES, fetch)
    assert list(cache.iterdir()) == []
    assert list(tmp_path.iterdir()) == [cache]


def test_files_that_another_process_brought_meanwhile_are_left_alone(tmp_path):
    cache = tmp_path / "cache"
    opened = []

    def fetch(names, folder):
        assert not list(cache.iterdir())  # nothing half done to be seen
        fetched_files.locate(cache, HASHES, give)  # the other one
        opened.append((cache / "a.txt").stat().st_ino)
        give(names, folder)

    fetched_files.locate(cache, HASHES, fetch)
    assert opened == [(cache / "a.txt").stat().st_ino]


def test_a_name_that_the_package_has_not_is_passed_over(tmp_path, monkeypatch):
    wheel = tmp_path / "x-1.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("x/below/b.txt", "right")
    monkeypatch.setattr(fetched_files, "download_wheel", lambda *_: wheel)
    fetched_files.unpack("x==1", "x/", ["a.txt", "below/b.txt"], tmp_path / "to")
    found = [path for path in (tmp_path / "to").rglob("*") if path.is_file()]
    assert found == [tmp_path / "to" / "below" / "b.txt"]


def test_where_a_package_is_gone_the_second_source_is_named(tmp_path, monkeypatch):
    def gone(*_):
        raise fetched_files.FetchError("no such package")

    monkeypatch.setattr(fetched_files, "download_wheel", gone)
    monkeypatch.setattr(fetched_files, "CACHE", tmp_path)
    with pytest.raises(fetched_files.FetchError) as caught:
        fetched_files.KATEX.locate()
    assert "no such package\nInstead, put LICENSE and the folder `dist` of" in str(
        caught.value
    )
    assert str(tmp_path / "katex-0.16.40") in str(caught.value)
