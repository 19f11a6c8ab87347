"""Files that come packed: EBICS and web banking deliver a ZIP of several XML files.

Nothing is written to disk, and nothing is believed of what the archive says of
itself: sizes count as they are unpacked.
"""

import io
import re
import struct
import zipfile
import zlib

from .data import UnreadableFile

# A year of days is some 250 files.
MAX_MEMBERS = 1000
MAX_UNPACKED = 100 * 1024 * 1024
# An archive in an archive is read, not one more.
MAX_NESTING = 2

_GZIP = b"\x1f\x8b"
_OFFICE = "[Content_Types].xml"  # a sheet or a letter is a ZIP of XML, too
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_DAMAGED = (
    zipfile.BadZipFile,
    *(zlib.error, struct.error, EOFError, OSError, ValueError, IndexError),
    *(NotImplementedError, RuntimeError, OverflowError, KeyError),
)
# Whatever they hold, somebody meant them to be read.
_MEANT = (".xml", ".zip", ".gz")
_OTHER_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!")


def members(content, max_size):
    """Yield (name, content) of each file to read; the name is empty where the
    content itself is the file. A member that cannot be unpacked is yielded with
    an `UnreadableFile` in place of the content.
    """
    yield from _Unpacking(max_size).of("", content, 0)


def is_archive(content):
    """Tell whether files come packed in it."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _GZIP))


class _Unpacking:
    """One upload: its limits count over all that is packed in it."""

    def __init__(self, max_size):
        self.max_size = max_size
        self.count = 0
        self.size = 0

    def of(self, name, content, nesting):
        if content.startswith(_OTHER_ARCHIVES):
            yield name, UnreadableFile("archive_unknown")
        elif not is_archive(content):
            yield name, content
        elif nesting == MAX_NESTING:
            yield name, UnreadableFile("archive_nested")
        else:
            yield from self._unpacked(name, content, nesting)

    def _unpacked(self, name, content, nesting):
        try:
            if content.startswith(_GZIP):
                unpacked = self._kept(_gunzipped(content, self.max_size))
                yield from self.of(name, unpacked, nesting + 1)
            else:
                yield from self._of_zip(name, content, nesting)
        except UnreadableFile as error:
            yield name, error
        except _DAMAGED:
            yield name, UnreadableFile("archive_damaged")

    def _of_zip(self, name, content, nesting):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if _is_file(info)]
            if any(info.filename == _OFFICE for info in infos):
                infos = []
            found = False
            for info in infos:
                self._count_member()
                path = "/".join(filter(None, [name, clean_name(info.filename)]))
                for entry in self._of_member(archive, info, path, nesting):
                    found = True
                    yield entry
            if not found:
                raise UnreadableFile("archive_empty")

    def _count_member(self):
        self.count += 1
        if self.count > MAX_MEMBERS:
            raise UnreadableFile("archive_too_many", limit=MAX_MEMBERS)
        if self.size > MAX_UNPACKED:
            raise UnreadableFile("archive_too_large", limit=MAX_UNPACKED)

    def _of_member(self, archive, info, path, nesting):
        try:
            unpacked = self._kept(_read(archive, info, self.max_size))
        except _DAMAGED:
            yield path, UnreadableFile("archive_damaged")
        except UnreadableFile as error:
            yield path, error
        else:
            if _is_meant(path, unpacked):
                yield from self.of(path, unpacked, nesting + 1)

    def _kept(self, unpacked):
        self.size += len(unpacked)
        if len(unpacked) > self.max_size:
            raise UnreadableFile("too_large", size=len(unpacked), limit=self.max_size)
        return unpacked


def _is_file(info):
    path = info.filename
    hidden = path.rpartition("/")[2].startswith(".") or "__MACOSX/" in path
    return not hidden and not info.is_dir()


def _is_meant(path, content):
    """Tell whether it is there to be read: lists and PDF statements are not."""
    return (
        path.lower().endswith(_MEANT)
        or is_archive(content)
        or content[:200].strip(_BEFORE_XML).startswith(b"<")
    )


def _read(archive, info, max_size):
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableFile("archive_password")
    if info.compress_type not in _PLAIN:
        raise UnreadableFile("archive_unknown")
    with archive.open(info) as member:
        return member.read(max_size + 1)


def _gunzipped(content, max_size):
    """Return what is unpacked, or a little more than `max_size` of it."""
    # members may follow each other
    unpacked = b""
    while content.startswith(_GZIP) and len(unpacked) <= max_size:
        stream = zlib.decompressobj(wbits=31)
        unpacked += stream.decompress(content, max_size + 1 - len(unpacked))
        if not stream.eof and len(unpacked) <= max_size:
            raise EOFError
        content = stream.unused_data
    return unpacked


def clean_name(name):
    """Return the name of a file without what cannot be stored, of limited length.

    >>> clean_name("a" + chr(0) + chr(0xD800) + ".xml")
    'a__.xml'
    """
    return re.sub("[\0-\x1f\x7f\ud800-\udfff]", "_", name)[-200:]
