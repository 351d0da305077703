"""Text in other formats than plain text: what each reader takes, recognises and refuses."""

import bz2
import csv
import gzip
import io
import json
import sys
import zipfile

import numpy as np
import pytest
from console import error_line
from console import inside as w2v
from hypothesis import example, given, settings
from hypothesis import strategies as st
from optional import optional, require

import w2v as library
from w2v.corpus import encode
from w2v.corpus.block_reader import BlockReader
from w2v.errors import CorpusError, MissingExtraError, UsageError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.readers.recognition import format_of

pyarrow = optional("pyarrow")
parquet = optional("pyarrow.parquet", "pyarrow")

TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader><fileDesc><titleStmt><title>Not this</title></titleStmt></fileDesc></teiHeader>
  <text>
    <front><titlePart>Nor this</titlePart></front>
    <body>
      <head>The <hi rend="sc">R</hi>ose</head>
      <p>A rose<note place="foot">a flower</note>,
         is a <choice><sic>rosse</sic><corr>rose</corr></choice>, he
         say<lb break="no"/>ed.<pb n="2"/>And so &amp; so.</p>
      <lg><l>Is it</l><l>a rose?</l></lg>
      <fw>page 2</fw>
      <s><w>it</w><w>is</w><pc>.</pc></s>
    </body>
  </text>
</TEI>
"""
PAGE = """<!DOCTYPE html>
<html><head><title>Not this</title><style>p { color: red }</style></head>
<body><h1>The  <i>R</i>ose</h1>
<script>var rose = "<p>no</p>";</script>
<div>A&nbsp;rose &eacute;<p>is a<br>rose</div>
<ul><li>one<li>two</ul><!-- not this --><pre>three
  four</pre><template>no</template></body></html>
"""


def text_of(place, **options):
    """Return the text that is read."""
    return b"".join(
        block.text[: block.length].tobytes() for block in BlockReader(place, options=CorpusOptions(**options))
    ).decode()


def lines_of(place, **options):
    return text_of(place, **options).split("\n")


def sentences(place, **options):
    """Return the lines of the text that are not blank."""
    return [" ".join(line.split()) for line in lines_of(place, **options) if line.strip()]


def written(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(place, **options):
    with pytest.raises(CorpusError) as failure:
        text_of(place, **options)
    told = str(failure.value)
    assert "\n" not in told
    return told.replace(str(place), place.name)


# How a format is recognised


@pytest.mark.parametrize(
    "name, head, expected",
    [
        ("a", b"<!doctype html>\n", "html"),
        ("a", b'\xef\xbb\xbf\n<?xml version="1.0"?>\n<!-- x --><html lang="en">', "html"),
        ("a", b'<?xml version="1.0"?>\n<corpus>', "xml"),
        ("a.txt", b'<TEI xmlns="http://www.tei-c.org/ns/1.0">', "xml"),
        ("a", b'{"text": "a rose"}\n{"text": "is"}\n', "json"),
        ("a.txt", b'[\n  {\n    "id": 5,\n', "json"),
        ("a", b'{\n "title": "The Rose",\n', "json"),
        ("a", b"PAR1\x15\x04\x15\x10", "parquet"),
        ("a.txt", b"# newdoc\n\n# text = x\n1\tA\ta\tDET\tDT\t_\t2\tdet\t_\t_\n", "conllu"),
        ("a", b"1-2\tau\t_\t_\t_\t_\t_\t_\t_\t_\n", "conllu"),
        ("a.html", b"<p>a rose", "html"),
        ("a.XML", b"<a>", "xml"),
        ("a.csv.gz", b"id,text\n", "csv"),
        ("a.tsv", b"id\ttext\n", "tsv"),
        ("a.vert", b"<s>\na\tDET\ta\n", "vertical"),
        ("a.txt", b"<p>a rose</p>\n", None),
        ("a.txt", b"<?xml said he\n", None),
        ("a.txt", b'{"so": he said}\n', None),
        ("a.txt", b"{ a , b }\n", None),
        ("a.txt", b"1\ta\tb\n", None),
        ("a.txt", b"id,text\n1,a rose\n", None),
        ("a.txt", b"PAR1 is a word\n", None),
        ("a", b"", None),
    ],
)
def test_formats_are_recognised_by_content_or_else_by_name(name, head, expected):
    found = format_of("auto", name, head)
    assert found is (None if expected is None else format_of(expected, "", b""))


def test_the_format_can_be_said(tmp_path):
    path = written(tmp_path / "a.txt", "id,text\n1,a rose\n")
    assert sentences(path) == ["id,text", "1,a rose"]
    assert sentences(path, text_format="csv") == ["a rose"]
    path = written(tmp_path / "a.html", "<p>a rose")
    assert sentences(path, text_format="plain") == ["<p>a rose"]
    with pytest.raises(UsageError, match="text_format must be one of auto, plain, html"):
        CorpusOptions(text_format="word")


def test_sentences_in_memory_have_no_format():
    assert set(library.train(sentences=[['{"a":', "1}"]] * 9, dim=2).words) == {'{"a":', "1}"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress], ids=["plain", "gzip", "bz2"])
@pytest.mark.parametrize("ending", ["", ".jsonl"])
def test_compressed_files_and_archives_have_formats_too(tmp_path, pack, ending):
    data = pack(b'{"text": "a rose"}\n')
    assert sentences(written(tmp_path / f"a{ending}", data)) == ["a rose"]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(f"a{ending}", data)
        archive.writestr("b.txt", "is a rose\n")
    assert sentences(tmp_path / "a.zip") == ["a rose", "is a rose"]


def test_standard_input_has_a_format(tmp_path):
    found = w2v("vocab", "-q", "-", "--min-count", "1", stdin=b'{"text": "a rose"}\n{"text": "a"}\n', cwd=tmp_path)
    assert found.stdout == b"a 2\nrose 1\n"
    found = w2v("vocab", "-q", "-", "--format=tsv", "--min-count=1", stdin=b"text\nso it is\n", cwd=tmp_path)
    assert found.stdout == b"is 1\nit 1\nso 1\n"


def test_an_option_that_no_file_uses_is_an_error(tmp_path):
    path = written(tmp_path / "a.txt", "a rose\n")
    told = error_line(w2v("vocab", "a.txt", "--field", "title", cwd=tmp_path))
    assert told.startswith("--field is for the formats json, csv, tsv, parquet and baskets, and a.txt has none")
    assert error_line(w2v("vocab", "a.txt", "--element", "p", cwd=tmp_path)).startswith("--element is for the formats")
    other = written(tmp_path / "b.jsonl", '{"title": "it is"}\n')
    assert sentences([path, other], field="title") == ["a rose", "it is"]


def test_mixed_files_in_a_folder_give_vectors(tmp_path):
    require("selectolax")
    folder = tmp_path / "texts"
    (folder / "more").mkdir(parents=True)
    written(folder / "a.txt", "so it begins\n")
    written(folder / "b.html.gz", gzip.compress(PAGE.encode()))
    written(folder / "c.xml", TEI)
    written(folder / "more" / "d.jsonl", '{"text": "in json"}\n')
    written(folder / "more" / "e.csv", 'id,text\n1,"in csv"\n')
    written(folder / "more" / "f.conllu", "1\tin\tin\tADP\t_\t_\t0\troot\t_\t_\n")
    written(folder / "more" / "package.json", '{"name": "w2v", "version": "1"}')
    written(folder / "x.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0")
    found = w2v("train", "texts", "--min-count", "1", "--dim", "4", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    told = found.stderr.decode()
    assert "package.json, which has no field text, but others: name, version" in told
    assert "left out" in told
    words = library.load(tmp_path / "vectors.txt").words
    assert {"begins", "Rose", "rose,", "json", "csv", "in"} <= set(words)


# HTML


def test_html(tmp_path):
    require("selectolax")
    path = written(tmp_path / "a.html", PAGE)
    assert lines_of(path) == [
        "The Rose", "", "A rose é", "", "is a", "rose", "", "one", "", "two", "", "three", "four", "", ""
    ]  # fmt: skip
    assert sentences(path, element="p") == ["is a", "rose"]
    assert sentences(path, element=["H1", "li"]) == ["The Rose", "one", "two"]
    assert sentences(path, element="pre") == ["three", "four"]


@pytest.mark.parametrize(
    "page, text",
    [
        ('<meta charset="windows-1251">\n<p>роза'.encode("cp1251"), "роза"),
        ('<META content="text/html; charset=iso-8859-1">\n<p>“café”'.encode("cp1252"), "“café”"),
        ('<?xml version="1.0" encoding="shift_jis"?><html><p>薔薇'.encode("cp932"), "薔薇"),
        ('<meta charset="utf-16"><p>café'.encode(), "café"),
        ('<meta charset="no-such">café'.encode(), "café"),
        ("<p>café".encode(), "café"),
    ],
)
def test_the_encoding_of_a_page_is_the_one_that_it_names(tmp_path, page, text):
    require("selectolax")
    assert sentences(written(tmp_path / "a.html", page)) == [text]


def test_wrong_bytes_in_a_page(tmp_path):
    require("selectolax")
    path = written(tmp_path / "a.html", b"<p>a rose\n<p>caf\xe9")
    told = refusal(path)
    assert told.startswith("a.html:2: not UTF-8, and the page names no encoding; name another")
    assert sentences(path, encoding="latin-1") == ["a rose", "café"]
    assert sentences(path, encoding_errors="replace") == ["a rose", "caf\ufffd"]
    path = written(tmp_path / "b.html", b'<meta charset="cp1252">\n<p>\x81')
    assert refusal(path).startswith("b.html:2: not cp1252, which the page names;")
    assert sentences(path, encoding_errors="ignore") == []


def test_deep_pages_are_read(tmp_path):
    require("selectolax")
    path = written(tmp_path / "a.html", "<div>" * 3000 + "deep" + "</div>" * 3000 + "<p>a rose")
    assert sentences(path) == ["deep", "a rose"]


def test_a_page_of_many_blocks_of_text_is_read_whole(tmp_path):
    require("selectolax")
    path = written(tmp_path / "a.html", "".join(f"<p>word{i} and <b>more</b></p>" for i in range(9000)))
    blocks = list(BlockReader(path, 1000))
    assert len(blocks) > 50
    assert "".join(block.text[: block.length].tobytes().decode() for block in blocks) == "".join(
        f"word{i} and more\n\n" for i in range(9000)
    )


# XML


def test_tei(tmp_path):
    path = written(tmp_path / "a.xml", TEI)
    read = ["The Rose", "A rose, is a rose , he sayed. And so & so.", "Is it", "a rose?", "it is ."]
    assert sentences(path) == [line.replace("rose ,", "rose,") for line in read]
    assert sentences(path, element="l") == ["Is it", "a rose?"]
    assert sentences(path, element=["title", "head"]) == ["Not this", "The Rose"]
    paragraphs = [line for line in text_of(path, sentence_unit="paragraph").split("\n\n") if line.strip()]
    assert len(paragraphs) == 5


@pytest.mark.parametrize(
    "document, element, expected",
    [
        ("<r><a>one</a><b>two</b></r>", (), ["one", "two"]),
        ("<r>\n <a>one</a>\n <a>two <i>or</i> <i>t</i>hree</a>\n</r>", (), ["one", "two or three"]),
        ("<r><s><w>the </w><w>king</w><c>.</c></s><s><w>he</w></s></r>", ("s",), ["the king .", "he"]),
        ("<r><sec><title>The king</title>He sleeps</sec></r>", (), ["The king He sleeps"]),
        ("<r><p>a <note>no</note>b</p><x>out</x><p>c<p>d</p>e</p></r>", ("p",), ["a b", "c", "d", "e"]),
        ("<r><p>a</p><note>kept</note></r>", ("note",), ["kept"]),
        ("<r>caf&eacute;&nbsp;&amp; &#960; &unknown;x</r>", (), ["café & π x"]),
        ("<!DOCTYPE r SYSTEM 'r.dtd' [<!ENTITY me 'the king'>]><r>&me; &eacute;</r>", (), ["the king é"]),
        ("<!DOCTYPE r [<!ENTITY e SYSTEM 'secret.txt'>]><r>a &e; b</r>", (), ["a b"]),
        ("<r>a <![CDATA[<b> & c]]></r>", (), ["a <b> & c"]),
        ("<r/>", (), []),
    ],
)
def test_xml(tmp_path, document, element, expected):
    (tmp_path / "secret.txt").write_text("secret")
    path = written(tmp_path / "a.xml", document)
    assert sentences(path, element=element) == expected


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "koi8-r"])
def test_the_encoding_of_xml_is_the_one_that_it_names(tmp_path, encoding):
    text = "роза" if encoding == "koi8-r" else "café"
    path = written(tmp_path / "a.xml", f'<?xml version="1.0" encoding="{encoding}"?><r>{text}</r>'.encode(encoding))
    assert sentences(path) == [text]


def test_encodings_that_expat_does_not_know_are_named(tmp_path):
    path = written(tmp_path / "a.xml", '<?xml version="1.0" encoding="gb18030"?><r>王</r>'.encode("gb18030"))
    assert "its encoding can't be read here" in refusal(path)
    assert sentences(path, encoding="gb18030") == ["王"]


@pytest.mark.parametrize("name", ["a.xml", "a.html"])
def test_an_element_that_is_nowhere_is_named(tmp_path, name):
    require("selectolax")
    (tmp_path / "texts").mkdir()
    path = written(tmp_path / "texts" / name, f"<html><p>a rose</p>{' ' * 200_000}</html>")
    told = f"{name}: has no text in the element q; choose others with element"
    assert refusal(path, element="q") == told
    assert refusal(path, element=["q", "s"]) == told.replace("element q", "elements q, s")
    written(tmp_path / "texts" / "b.html", "<q>it is</q>")
    reader = BlockReader(tmp_path / "texts", options=CorpusOptions(element="q"))
    assert [block.text[: block.length].tobytes() for block in reader] == [b"it is\n\n"]
    assert reader.left_out == [(str(path), "has no text in the element q")]


def test_malformed_xml_is_named_with_its_line(tmp_path):
    path = written(tmp_path / "a.xml", "<r>\n<p>a rose</p>\n<p>is</q></r>")
    told = "a.xml:3: is not well-formed XML (mismatched tag); correct it, or skip such records with"
    assert refusal(path).startswith(told)
    assert sentences(path, skip_bad_records=True) == ["a rose"]
    assert "no element found" in refusal(written(tmp_path / "b.xml", "<r><p>a rose</p>"))


def test_entities_that_grow_without_end_are_refused(tmp_path):
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    path = written(tmp_path / "a.xml", f'<!DOCTYPE r [<!ENTITY e0 "a rose">{entities}]><r>&e11;</r>')
    assert "is not well-formed XML" in refusal(path)


# JSON

RECORDS = [
    {"id": i, "text": f"record {i} “quoted” [1, 2]", "meta": {"by": f"me {i}", "tags": ["x", "y"]}} for i in range(5)
]
TEXTS = [record["text"] for record in RECORDS]


@pytest.mark.parametrize(
    "laid_out",
    [
        "".join(json.dumps(record) + "\n" for record in RECORDS),
        "\n\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS),
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "\n".join(json.dumps(record, indent=2) for record in RECORDS),
        "[\n" + ",\n".join(json.dumps(record) for record in RECORDS) + "\n]\n",
        json.dumps(TEXTS),
        "\r\n".join(json.dumps(text) for text in TEXTS),
    ],
)
def test_json_however_it_is_laid_out(tmp_path, laid_out):
    assert sentences(written(tmp_path / "a.json", laid_out)) == TEXTS


def test_fields(tmp_path):
    path = written(tmp_path / "a.jsonl", "".join(json.dumps(record) + "\n" for record in RECORDS))
    assert sentences(path, field="meta.by") == [f"me {i}" for i in range(5)]
    assert sentences(path, field=["meta.tags", "text"])[:3] == ["x", "y", TEXTS[0]]
    assert lines_of(path, field=["meta.by", "text"])[:4] == ["me 0", TEXTS[0], "", "me 1"]
    one = written(tmp_path / "b.json", json.dumps({"posts": RECORDS, "a.b": "dotted"}))
    assert sentences(one, field="posts.text") == TEXTS
    assert sentences(one, field="a.b") == ["dotted"]
    assert sentences(written(tmp_path / "c.json", '{"id": 5, "body": "the only text"}')) == ["the only text"]


def test_documents_are_records(tmp_path):
    path = written(tmp_path / "a.jsonl", '{"text": "a rose\\nis"}\n{"text": "it is"}\n')
    other = written(tmp_path / "b.txt", "so\nit begins\n")
    for unit, expected in (
        ("line", ["a rose", "is", "it is", "so", "it begins"]),
        ("paragraph", ["a rose is", "it is", "so it begins"]),
        ("document", ["a rose is", "it is", "so it begins"]),
    ):
        options = CorpusOptions(sentence_unit=unit)
        with encode([path, other], options, VocabularyOptions(min_count=1)) as encoded:
            ids = encoded.read(0, np.empty(encoded.max_block_ids, np.int32))
            words = " ".join("\n" if i < 0 else encoded.vocabulary.words[i] for i in ids)
        assert [" ".join(line.split()) for line in words.strip().split("\n")] == expected


def test_missing_texts_are_counted(tmp_path):
    lines = ['{"text": "a rose"}', '{"text": null}', '{"id": 3}', '{"text": NaN}', '{"text": ["is", null]}']
    written(tmp_path / "a.jsonl", "\n".join(lines))
    found = w2v("vocab", "a.jsonl", "--min-count", "1", cwd=tmp_path)
    assert b"note: 3 of 5 records of a.jsonl have no text in the chosen fields" in found.stderr
    (tmp_path / "b.jsonl").write_text('{"text": "so"}\n{"id": 3}\n')
    both = w2v("vocab", "a.jsonl", "b.jsonl", "--min-count", "1", cwd=tmp_path)
    assert b"note: 4 of 7 records of a.jsonl and 1 other file have no text in the chosen fields" in both.stderr
    assert found.stdout == b"a 1\nis 1\nrose 1\n"


@pytest.mark.parametrize(
    "content, told",
    [
        ('{"title": "a", "body": "b"}', "a.json: has no field text, but others: title, body; choose those with text"),
        ('{"id": 1, "n": 2}', "a.json: has no field with text; its fields are id, n"),
        ('{"text": "a"}\n{"text": "b"\n', "a.json:2: is not JSON (Expecting ',' delimiter at character"),
        ('{"text": "a"}\n[1]\n', "a.json:2: must be a JSON object, such as"),
        ('{"text": "a"}\n{"text": 5}\n', "a.json:2: text must be a text, not 5; correct it, or skip"),
        ('{"text": "a"}\n{"text": {"en": "a"}}\n', "a.json:2: text must be a text, not {'en': 'a'}; name a field in"),
        ('[{"text": "a"},\n {"text": "b"]', "a.json:2: is not JSON (Expecting ',' delimiter)"),
        ('[{"text": "a"},\n {"text": "b', "a.json:2: is not JSON (Unterminated string starting at)"),
        ('[\n{"text": "a"},\n5\n]', "a.json:3: must be a JSON object"),
        ('{"text": "a"}\n{"text": ' + "[" * 100_000, "a.json:2: is not JSON"),
        ('{"text": "a"}\n' + "9" * 5000, "a.json:2: "),
    ],
)  # fmt: skip
def test_malformed_json_is_named_with_its_line(tmp_path, content, told):
    path = written(tmp_path / "a.json", content)
    assert refusal(path).startswith(told)


def test_bad_records_can_be_skipped(tmp_path):
    lines = [b'{"text": "a rose"}', b'{"text": ', b'{"text": 5}', b'{"text": "caf\xe9"}', b'{"text": "is"}', b"[]"]
    written(tmp_path / "a.jsonl", b"\n".join(lines))
    written(tmp_path / "b.csv", 'id,text\n1,it\n2\n3,"so" it\n4,begins\n')
    told = error_line(w2v("vocab", "a.jsonl", cwd=tmp_path))
    assert told.startswith("a.jsonl:2: is not JSON (Expecting value at character")
    assert told.endswith("correct it, or skip such records with --skip-bad-records")
    found = w2v("vocab", "a.jsonl", "b.csv", "--skip-bad-records", "--min-count", "1", cwd=tmp_path)
    assert found.stdout == b"a 1\nbegins 1\nis 1\nit 1\nrose 1\n"
    assert b"note: skipped 6 bad records, the first at a.jsonl:2: is not JSON (" in found.stderr


def test_wrong_bytes_in_json(tmp_path):
    path = written(tmp_path / "a.jsonl", b'{"text": "a"}\n{"text": "caf\xe9"}\n')
    assert refusal(path).startswith("a.jsonl:2: not UTF-8: ")
    assert sentences(path, encoding="latin-1") == ["a", "café"]
    assert sentences(path, encoding_errors="ignore") == ["a", "caf"]
    path = written(tmp_path / "a.json", b'[{"text": "a"},\n{"text": "caf\xe9"}]\n')
    assert refusal(path).startswith("a.json:2: not UTF-8")
    assert sentences(path, encoding_errors="replace") == ["a", "caf\ufffd"]


def test_odd_characters_in_json(tmp_path):
    path = written(tmp_path / "a.jsonl", r'{"text": "a\u0000b \ud83d c\u2028d"}')
    assert sentences(path) == ["a b \ufffd c d"]


texts = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])).map(str.strip), min_size=1)


@settings(deadline=None)
@given(texts, st.sampled_from([None, 0, 2]), st.booleans(), st.integers(1, 60))
@example(["[", "]", ",", '"', "\\"], None, True, 1)
def test_any_json_array_is_read_in_pieces(tmp_path_factory, values, indent, is_ascii, at_once):
    from w2v.readers import json_values

    path = tmp_path_factory.mktemp("json") / "a.json"
    written(path, json.dumps([{"n": 5, "text": value} for value in values], indent=indent, ensure_ascii=is_ascii))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_AT_ONCE", at_once)
        if any(values):
            assert text_of(path) == "".join(f"{value}\n\n" for value in values)


# Tables


def test_csv(tmp_path):
    file = io.StringIO()
    rows = [("id", " title", "text"), (1, "a,b", 'so "it"\nbegins'), (2, "c", ""), (3, "d", "is")]
    csv.writer(file).writerows(rows)
    path = written(tmp_path / "a.csv", file.getvalue())
    assert sentences(path) == ['so "it"', "begins", "is"]
    assert sentences(path, field=["title", "text"]) == ["a,b", 'so "it"', "begins", "c", "d", "is"]
    assert sentences(path, field="2") == ["title", "a,b", "c", "d"]
    assert (
        refusal(path, field="body") == "a.csv: has no column body; its columns are id, title, text; choose among them"
        " with field"
    )
    assert refusal(path, field="4").startswith("a.csv: has no column 4; its columns are 1, 2, 3")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", ["", "sep="])
def test_separators_of_csv(tmp_path, separator, start):
    head = f"{start}{separator}\r\n" if start else ""
    row = f'5{separator}"a{separator}b"\r\n'
    path = written(tmp_path / "a.csv", f"\ufeff{head}id{separator}text\r\n{row}\r\n{row}")
    assert sentences(path) == [" ".join(f"a{separator}b".split())] * 2


@pytest.mark.parametrize(
    "content, told",
    [
        ("id,text\n1,a\n2\n", "a.csv:3: has 1 cell, but the first line names 2;"),
        ('id,text\n1,"a\nb"\n2,"c" d\n', "a.csv:4: is not CSV ("),
        ('id,text\n1,"a\nb\n', "a.csv:2: is not CSV (unexpected end of data); a quote may be missing"),
        ("a,b\n1,2\n", "a.csv: has no field text, but others: a, b; choose those with text, as in field='a'"),
        (
            "id,body,by\n17,a rose is,Ann\n",
            "a.csv: has no field text, but others: id, body, by; choose those with text, as in field='body'",
        ),
    ],
)
def test_malformed_csv_is_named_with_its_line(tmp_path, content, told):
    assert refusal(written(tmp_path / "a.csv", content)).startswith(told)


def test_a_missing_quote_in_a_long_file_is_found(tmp_path, monkeypatch):
    from w2v.readers import comma_separated

    monkeypatch.setattr(comma_separated, "_LONGEST_CELL", 1000)
    limit = csv.field_size_limit(100)
    try:
        path = written(tmp_path / "a.csv", 'text\na\n"b\n' + "and more words\n" * 200)
        assert refusal(path).startswith("a.csv:3: is not CSV (a cell of more than 0 MB); a quote may be missing")
    finally:
        csv.field_size_limit(limit)


def test_tsv(tmp_path):
    path = written(tmp_path / "a.tsv", 'id\ttext\n1\t"so\n\n2\tit is\r\n')
    assert sentences(path) == ['"so', "it is"]
    assert sentences(path, field="1") == ["id", "1", "2"]
    assert refusal(written(tmp_path / "b.tsv", "id\ttext\n1\n")).startswith(
        "b.tsv:2: has 1 cell, but the first line names 2"
    )
    assert refusal(written(tmp_path / "c.tsv", "1\ta\n1\n"), field="2").startswith(
        "c.tsv:2: has 1 cell, but the first line has"
    )


# Parquet


def test_parquet(tmp_path):
    table = pyarrow.Table.from_pylist([*RECORDS, {"id": 9, "text": None, "meta": None}])
    path = tmp_path / "a.parquet"
    parquet.write_table(table, path, row_group_size=2)
    assert sentences(path) == TEXTS
    assert sentences(path, field="meta.by") == [f"me {i}" for i in range(5)]
    assert sentences(path, field=["meta.tags", "text"])[:3] == ["x", "y", TEXTS[0]]
    assert refusal(path, field="body").startswith("a.parquet: has no column body; its columns are id, text, meta;")
    reader = BlockReader(path)
    assert [block.bytes_read for block in reader][-1] == reader.total_bytes
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "a.parquet")
    assert sentences(tmp_path / "a.zip") == TEXTS
    assert library.train(path, min_count=1, dim=2).words


def test_a_table_without_names_of_columns(tmp_path):
    first = "a stirring , funny and finally transporting re imagining of beauty and the beast"
    path = written(tmp_path / "a.tsv", f"{first}\t1\nan apple\t0\n")
    assert refusal(path) == (
        "a.tsv: has text in place of names in its first line; choose among its 2 columns by number with field, such as"
        " 1"
    )
    assert sentences(path, field=("1",)) == [first, "an apple"]  # although the first line holds a 1
    assert sentences(path, field=("2",)) == ["1", "0"]
    path = written(tmp_path / "b.tsv", f"{first}\ttext\nx\ta rose\n")
    assert sentences(path) == ["a rose"]
    assert sentences(path, field=(first,)) == ["x"]


def test_names_of_parquet_columns_that_are_no_text_are_refused(tmp_path):
    place = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"text": ["a rose"]}), place)
    for name in (b"\xc3\x28xt", b"te\xff\xff"):
        written(place, place.read_bytes().replace(b"text", name))
        assert refusal(place).startswith("a.parquet: is damaged, or no Parquet")


def test_parquet_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"text": ["a"]}), path)
    whole = path.read_bytes()
    assert refusal(written(path, whole[:-9])).startswith("a.parquet: is damaged, or no Parquet (")
    assert sentences(written(tmp_path / "b.gz", gzip.compress(whole))) == ["a"]  # held in memory
    parquet.write_table(pyarrow.table({"a": ["a"], "b": ["b"], "c": [5]}), path)
    assert refusal(path).startswith("a.parquet: has no field text, but others: a, b; choose those with text")


# Extras


@pytest.mark.parametrize(
    "name, content, told",
    [
        ("a.html", b"<p>a", r"reading HTML needs an extra package: pip install 'w2v\[html\]'"),
        ("a.parquet", b"PAR1\x15", r"reading Parquet needs an extra package: pip install 'w2v\[parquet\]'"),
    ],
)
def test_a_missing_package_is_named(tmp_path, monkeypatch, name, content, told):
    for module in ("selectolax", "selectolax.lexbor", "pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=told):
        text_of(written(tmp_path / name, content))


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    from w2v.readers import opened_text

    monkeypatch.setattr(opened_text, "MOST_AT_ONCE", 1 << 20)
    path = written(tmp_path / "a.tsv", "text\n" + "x" * (2 << 20))
    assert refusal(path) == "a.tsv:2: the line is longer than 1 MB; split it"
