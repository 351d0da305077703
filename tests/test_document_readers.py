"""Documents of word processors, e-books, PDF, and dumps of MediaWiki."""

import bz2
import gzip
import io
import re
import zipfile

import pytest
from console import error_line
from console import inside as w2v
from optional import optional, require
from test_readers import refusal, sentences, written

from w2v.corpus.block_reader import BlockReader
from w2v.errors import MissingExtraError
from w2v.options import CorpusOptions

docx = optional("docx", "python-docx")

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


# DOCX


def document(path, *parts):
    """Write a document of paragraphs; markup of Word starts with <w:p>."""
    from lxml import etree

    made = docx.Document()
    for part in parts:
        if part.startswith("<"):
            made.element.body.insert(-1, etree.fromstring(part.replace("<w:p>", f"<w:p {W} {MC}>", 1)))
        else:
            made.add_paragraph(part)
    made.save(path)
    return path


def test_paragraphs_of_docx(tmp_path):
    path = document(tmp_path / "a.docx", "A rose", "", "is a\nrose", "café\tau lait")
    made = docx.Document(path)
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "first cell", "second"
    made.add_paragraph("the end")
    made.sections[0].header.paragraphs[0].text = "not the header"
    made.save(path)
    expected = ["A rose", "is a rose", "café au lait", "first cell", "second", "the end"]
    assert sentences(path) == expected
    assert sentences(path, sentence_unit="paragraph") == expected
    (tmp_path / "texts").mkdir()
    for name, data in {"b": path.read_bytes(), "c.docx.gz": gzip.compress(path.read_bytes())}.items():
        assert sentences(written(tmp_path / name, data)) == expected  # by content; held in memory
    written(tmp_path / "texts" / "d.docx", path.read_bytes())
    assert sentences(tmp_path / "texts") == expected
    shown = w2v("vocab", "-", "-q", "--show-text", "9", cwd=tmp_path, stdin=path.read_bytes()).stdout.decode()
    assert shown.splitlines() == expected


def test_docx_with_tracked_changes_and_text_boxes(tmp_path):
    require("python-docx", "docx")
    run = "<w:r><w:t>{}</w:t></w:r>"
    changed = f"<w:p>{run.format('A ')}<w:ins>{run.format('new ')}</w:ins>"
    changed += "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
    changed += f"<w:sdt><w:sdtContent>{run.format('rose')}</w:sdtContent></w:sdt><w:r><w:noBreakHyphen/></w:r>"
    changed += f"{run.format('bush')}</w:p>"
    box = f"<w:txbxContent><w:p>{run.format('in a box')}</w:p></w:txbxContent>"
    boxed = f"<w:p>{run.format('before')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
    boxed += f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>{run.format('behind')}</w:p>"
    path = document(tmp_path / "a.docx", changed, boxed)
    assert sentences(path) == ["A new rose-bush", "before", "in a box", "behind"]


def test_documents_that_cannot_be_read_are_one_line(tmp_path):
    require("python-docx", "docx")
    require("pypdfium2")
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    assert refusal(tmp_path / "a.docx") == "a.docx: is damaged, or no DOCX; get the file again"
    document(tmp_path / "b.docx")
    assert refusal(tmp_path / "b.docx") == "b.docx: holds no text"
    damaged = bytearray((tmp_path / "b.docx").read_bytes())
    damaged[6] |= 1
    damaged[damaged.index(b"PK\x01\x02") + 8] |= 1  # the first part is encrypted, as it says
    assert refusal(written(tmp_path / "c.docx", bytes(damaged))).startswith("c.docx: is ")
    assert (
        refusal(written(tmp_path / "d.pdf", b"%PDF-1.4\nA rose\n"))
        == "d.pdf: is damaged, or no PDF; get the file again"
    )
    assert refusal(written(tmp_path / "e.pdf", pdf([""]))) == (
        "e.pdf: holds no text, perhaps scanned pages; recognise their text first: ocrmypdf IN.pdf OUT.pdf"
    )
    assert (
        refusal(written(tmp_path / "f.docx", "A rose is a rose"))
        == "f.docx: is damaged, or no DOCX; get the file again"
    )
    converted = written(tmp_path / "g.gz", gzip.compress(pdf(["A rose"])))
    assert refusal(converted, encoding="latin-1").endswith(
        "can't be read from a pipe or a compressed file; name the file itself"
    )


# EPUB


CONTAINER = '<container xmlns="urn:x"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
BOOK = """<package xmlns="http://www.idpf.org/2007/opf"><manifest>
<item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="look" href="look.css" media-type="text/css"/>
<item id="extra" href="extra.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="one"/><itemref idref="two"/><itemref idref="look"/></spine></package>"""
CHAPTERS = {
    "OEBPS/one.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>no</title></head>'
    "<body><h1>One</h1><p>A rose &eacute;</p></body></html>",
    "OEBPS/text/two b.xhtml": "<html><body><p>is a<br/>rose</p><script>no</script></body></html>",
    "OEBPS/extra.xhtml": "<html><body>not in the order of reading</body></html>",
    "OEBPS/look.css": "p { color: red }",
}


def book(path, parts=CHAPTERS, container=CONTAINER, package=BOOK):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_chapters_of_epub(tmp_path):
    path = book(tmp_path / "a.epub")
    assert sentences(path) == ["One", "A rose é", "is a", "rose"]
    assert sentences(path, element=("p",)) == ["A rose é", "is a", "rose"]
    assert sentences(path, element=("h1",)) == ["One"]  # which the second chapter lacks
    assert sentences(written(tmp_path / "unnamed", path.read_bytes())) == ["One", "A rose é", "is a", "rose"]
    reader = BlockReader(path, options=CorpusOptions(sentence_unit="document"))
    assert len(list(reader)) == 1
    assert refusal(path, element=("h6",)) == "a.epub: has no text in the element h6; choose others with element"


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_within_a_compressed_chapter_is_one_line(tmp_path, compression):
    path = tmp_path / "a.epub"
    with zipfile.ZipFile(book(path, parts={}), "a", compression) as archive:
        archive.writestr("OEBPS/one.xhtml", "".join(f"<p>rose {i}</p>" for i in range(9999)))
        place = archive.getinfo("OEBPS/one.xhtml").header_offset
    data = bytearray(path.read_bytes())
    data[place + 60 : place + 200] = bytes(140)
    path.write_bytes(data)
    assert refusal(path) == "a.epub: is damaged, or no EPUB; get the file again"


def test_an_empty_file_is_no_book(tmp_path):
    assert refusal(written(tmp_path / "a.epub", b""), text_format="epub") == (
        "a.epub: is damaged, or no EPUB; get the file again"
    )


def test_a_compression_that_is_unknown_is_no_encryption(tmp_path):
    path = book(tmp_path / "a.epub")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4) + 10] = 98  # the method of the second part
    path.write_bytes(data)
    assert refusal(path) == "a.epub: is damaged, or no EPUB; get the file again"


def test_parts_that_would_fill_the_memory_are_refused(tmp_path):
    require("python-docx", "docx")
    path = document(tmp_path / "a.docx", "A rose")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/big.xml", "w") as part:
        for _ in range(129):
            part.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    assert refusal(path) == "a.docx: its part word/big.xml is longer than 128 MB; split it"


def test_epub_that_cannot_be_read(tmp_path):
    for name, told in {
        "container": book(tmp_path / "container.epub", container="<x"),
        "root": book(tmp_path / "root.epub", container="<x/>"),
        "package": book(tmp_path / "package.epub", package="<x"),
        "chapter": book(tmp_path / "chapter.epub", parts={}),
    }.items():
        assert refusal(told) == f"{name}.epub: is damaged, or no EPUB; get the file again"
    book(tmp_path / "empty.epub", package="<package/>")
    assert refusal(tmp_path / "empty.epub") == "empty.epub: holds no text"


# PDF


def pdf(pages):
    """Return a PDF with these pages; each line of one is a line there."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i, page in enumerate(pages):
        lines = "".join(f"({line}) Tj 0 -20 Td " for line in page.split("\n") if line)
        content = f"BT /F1 12 Tf 50 700 Td {lines}ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    made, places = io.BytesIO(b"%PDF-1.4\n"), []
    made.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        places.append(made.tell())
        made.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = made.tell()
    made.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    made.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    made.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return made.getvalue()


def test_pages_of_pdf(tmp_path):
    require("pypdfium2")
    path = written(tmp_path / "a.pdf", pdf(["A rose is\na rose, and so", "", "the last page"]))
    assert sentences(path) == ["A rose is a rose, and so", "the last page"]
    reader = BlockReader(path)
    assert [block.bytes_read for block in reader][-1] == path.stat().st_size
    assert sentences(written(tmp_path / "b.gz", gzip.compress(path.read_bytes()))) == sentences(path)
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(path, "a.pdf")
    assert sentences(tmp_path / "c.zip") == sentences(path)


def test_a_pdf_with_a_password(tmp_path):
    require("pypdfium2")
    locked = pdf(["A rose"]).replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <"
        + b"42" * 32 + b"> >>",
    )  # fmt: skip
    assert refusal(written(tmp_path / "a.pdf", locked)) == (
        "a.pdf: is encrypted; remove the password first, as with qpdf"
    )


# A folder of everything


def test_a_folder_of_mixed_files_is_read_at_the_first_try(tmp_path):
    require("python-docx", "docx")
    require("pypdfium2")
    require("mwparserfromhell")
    texts = tmp_path / "texts"
    texts.mkdir()
    document(texts / "a.docx", "word one")
    book(texts / "b.epub")
    for name, content in {
        "c.pdf": pdf(["word two"]), "d.txt": "word three\n", "e.html": "<p>word four</p>",
        "f.json": '[{"text": "word five"}]',
        "g.csv": "id,text\n1,word six\n", "h.xml": "<x><p>word seven</p></x>", "i.md": "word eight\n",
        "j.wiki.xml.bz2": bz2.compress(DUMP.encode()), "k.conllu": "1\tword\tword\tNOUN\t_\t_\t0\troot\t_\t_\n\n",
        "scan.pdf": pdf([""]), "broken.pdf": b"%PDF-1.4\n", "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    }.items():  # fmt: skip
        written(texts / name, content)
    process = w2v("train", "texts", "--tokens", "words", "--min-count", "1", "-o", "v.txt", "--dim", "4", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    assert (tmp_path / "v.txt.counts").read_text().splitlines()[0] == "word 10"
    told = process.stderr.decode()
    assert "note: left out texts/scan.pdf, which holds no text, perhaps scanned pages\n" in told
    assert "note: left out texts/broken.pdf, which is damaged, or no PDF\n" in told
    assert "note: left out texts/photo.png, which is an image, not text\n" in told


@pytest.mark.parametrize(
    "name, module, told",
    [
        ("a.pdf", "pypdfium2", "reading PDF needs an extra package: pip install 'w2v[documents]'"),
        ("a.docx", "docx", "reading DOCX needs an extra package: pip install 'w2v[documents]'"),
        ("a.epub", "selectolax.lexbor", "reading HTML needs an extra package: pip install 'w2v[html]'"),
        (
            "a.xml",
            "mwparserfromhell",
            "reading dumps of MediaWiki needs an extra package: pip install 'w2v[mediawiki]'",
        ),
    ],
)
def test_without_the_package_a_file_is_refused_and_left_out_of_a_folder(tmp_path, monkeypatch, name, module, told):
    import sys

    (tmp_path / "texts").mkdir()
    path = tmp_path / "texts" / name
    if name == "a.epub":
        book(path)
    elif name == "a.docx":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", "<x/>")
            archive.writestr("word/document.xml", "<x/>")
    else:
        written(path, DUMP if name == "a.xml" else pdf(["x"]))
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=re.escape(told)):
        sentences(path)
    with pytest.raises(MissingExtraError, match=re.escape(told)):
        sentences(tmp_path / "texts")
    written(tmp_path / "texts" / "b.txt", "a rose\nis a rose\n" * 9)
    process = w2v("vocab", "texts", cwd=tmp_path)
    assert process.stdout.startswith(b"a 18\n")
    assert f"note: left out texts/{name}, which can't be read: {told}" in process.stderr.decode()
    assert error_line(w2v("vocab", f"texts/{name}", cwd=tmp_path)) == f"texts/{name}: {told}"
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    written(tmp_path / "texts" / "c.parquet", b"PAR1")
    both = told.replace("reading", f"left out 2 files, the first texts/{name}, which can't be read: reading")
    both = both.replace(" needs an extra package", " and reading Parquet need extra packages").replace("]", ",parquet]")
    assert f"note: {both}\n" in w2v("vocab", "texts", cwd=tmp_path).stderr.decode()
    (tmp_path / "texts" / "b.txt").unlink()
    assert error_line(w2v("vocab", "texts", cwd=tmp_path)).endswith(",parquet]'")


# MediaWiki


DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" xml:lang="de">
<siteinfo><namespaces><namespace key="0" case="first-letter" /><namespace key="6">Datei</namespace>
<namespace key="14">Kategorie</namespace></namespaces></siteinfo>
<page><title>Rose</title><ns>0</ns><revision><text>an older word</text></revision><revision>
<text xml:space="preserve">{{Info|name=no}}
'''A [[rose]]''' ({{lang|x}}) is a ''[[Flower (plant)|flower]]'' of the [[Datei:a.jpg|thumb|no]]garden.{REF}
== On [[love]] ==
* it is &lt;b&gt;red&lt;/b&gt;&amp;nbsp;or white
{| class="wikitable"
| no || no
|}
See [https://x.org/a this page], https://x.org/no.&lt;!-- no --&gt;&lt;br/&gt;The end{MATH}__NOTOC__
[[Kategorie:No]] [[Category:No]] [[File:b.png|no]] [[fr:No]]</text></revision></page>
<page><title>Old</title><ns>0</ns><redirect title="Rose" /><revision><text>#REDIRECT [[no]]</text></revision></page>
<page><title>Talk:Rose</title><ns>1</ns><revision><text>no talk</text></revision></page>
<page><title>Two</title><ns>0</ns><revision><text>second word</text></revision></page>
</mediawiki>
""".replace("{REF}", "&lt;ref name='a'&gt;no&lt;/ref&gt;").replace("{MATH}", " &lt;math&gt;no&lt;/math&gt;")


def test_articles_of_mediawiki(tmp_path):
    require("mwparserfromhell")
    path = written(tmp_path / "dump.xml", DUMP)
    found = sentences(path)
    assert found == [
        "A rose is a flower of the garden.", "On love", "it is red or white", "See this page,", "The end",
        "second word",
    ]  # fmt: skip
    assert sentences(written(tmp_path / "dump.bz2", bz2.compress(DUMP.encode()))) == found
    documents = "".join(
        w2v("vocab", "dump.xml", "-q", "--sentences", "document", "--show-text=9", cwd=tmp_path).stdout.decode()
    )
    assert [line.split()[-1] for line in documents.splitlines()] == ["end", "word"]
    plain = sentences(path, text_format="xml")
    assert any("#REDIRECT" in line for line in plain)


def test_a_dump_that_is_cut_short(tmp_path):
    require("mwparserfromhell")
    path = written(tmp_path / "dump.xml", DUMP[: DUMP.index("second")])
    assert refusal(path) == (
        "dump.xml:16: is not well-formed XML (no element found); correct it, or skip such records with"
        " skip_bad_records=True"
    )
    assert sentences(path, skip_bad_records=True)[0].startswith("A rose")
