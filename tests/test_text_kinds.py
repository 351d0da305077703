"""Text that is not what its user may think: notes where they are right, and none on text that is what it seems."""

import csv
import io
import json
import random
import re
import textwrap
from pathlib import Path

import pytest
from console import inside as w2v

from w2v.corpus.block_reader import BlockReader
from w2v.corpus.text_kinds import notes_on
from w2v.corpus.text_samples import SAMPLE_BYTES, TextSamples

ENGLISH = Path(__file__).parents[1] / "corpora" / "english.txt"
SENTENCES = [line.split() for line in ENGLISH.read_text().splitlines()[:3000]]
CHINESE = "今天天气很好我们一起去公园散步吧孩子们在湖边放风筝老人坐在树下聊天喝茶"
JAPANESE = "今日はとても天気がいいので公園へ散歩に行きましたそこで友達に会いました"
THAI = "วันนี้อากาศดีมากเราจึงไปเดินเล่นที่สวนสาธารณะและพบเพื่อนเก่าหลายคน"
LAO = "ມື້ນີ້ອາກາດດີຫຼາຍພວກເຮົາໄປຍ່າງຫຼິ້ນຢູ່ສວນສາທາລະນະ"
KHMER = "ថ្ងៃនេះអាកាសធាតុល្អណាស់យើងទៅដើរលេងនៅសួនច្បារ"
BURMESE = "ဒီနေ့ရာသီဥတုသာယာတယ်ငါတို့ပန်းခြံကိုလမ်းလျှောက်သွားကြတယ်"
POEM = """Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;
Sometime too hot the eye of heaven shines,
And often is his gold complexion dimm'd;
And every fair from fair sometime declines,
By chance or nature's changing course untrimm'd;
But thy eternal summer shall not fade,
Nor lose possession of that fair thou ow'st;
Nor shall death brag thou wander'st in his shade,
When in eternal lines to time thou grow'st:
So long as men can breathe or eyes can see,
So long lives this, and this gives life to thee.
Of Man's first disobedience, and the fruit
Of that forbidden tree whose mortal taste
Brought death into the World, and all our woe,
With loss of Eden, till one greater Man
Restore us, and regain the blissful Seat,
Sing, Heavenly Muse, that, on the secret top
Of Oreb, or of Sinai, didst inspire
That Shepherd who first taught the chosen seed
In the beginning how the heavens and earth
Rose out of Chaos: or, if Sion hill
Delight thee more, and Siloa's brook that flowed
"""


def lines_of(count, seed=1):
    """Return lines of English, each a sentence."""
    return [" ".join(tokens) for tokens in random.Random(seed).choices(SENTENCES, k=count)]


def prose(count, seed=1):
    return " ".join(f"{line.capitalize()}." for line in lines_of(count, seed))


def table(separator, rows):
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().split("\n")


PROSE = prose(400)
ODD = {
    "MediaWiki": (
        ["'''Rome''' is the [[capital city|capital]] of [[Italy]] {{cite book}} ."] * 5,
        "markup of MediaWiki; .*-f mediawiki",
    ),
    "LaTeX": ([r"\section{Rome} It \emph{is} the capital \cite[p.~3]{a} of Italy ."] * 5, "of LaTeX; .*-f latex"),
    "RTF": ([r"{\rtf1\ansi\lang1033", *[r"\pard\fs24 It is the capital of Italy .\par"] * 5], "of RTF; .*-f rtf"),
    "JSON, a text in each line": (
        ["[", *['  "It is late, said the king",'] * 9, '  "The end"', "]"],
        r"looks like JSON; .*jq -r '\.\[\]'",
    ),
    "html": ([f"<p>{line}</p>" for line in lines_of(50)], "markup, such as <p>"),
    "tei": (["<body>", *(f'<s n="{i}"><w>the</w> {s}</s>' for i, s in enumerate(lines_of(50))), "</body>"], "markup"),
    "wiki": ([f"{line}<br/>" for line in lines_of(50)], "markup"),
    "entities": ([f"{line}&nbsp;caf&eacute;" for line in lines_of(50)], "character references, such as &nbsp;"),
    "json lines": ([json.dumps({"id": i, "text": s}) for i, s in enumerate(lines_of(50))], "JSON"),
    "json": (json.dumps([{"id": 5, "text": s} for s in lines_of(50)], indent=2).split("\n"), "JSON"),
    "json in one line": ([json.dumps([{"id": 5, "text": s} for s in lines_of(50)])], "JSON"),
    "dicts": ([repr({"id": i, "text": s}) for i, s in enumerate(lines_of(50))], "JSON"),
    "lists": ([repr(s.split()) for s in lines_of(50)], r"printed lists, such as \['the', 'cat'\]"),
    "tuples": ([repr(tuple(s.split())) for s in lines_of(50)], "printed lists"),
    "lists of lists": ([repr([s.split() for s in lines_of(50)])], "printed lists"),
    "lists in a table": (table(",", [(i, s.split()) for i, s in enumerate(lines_of(50))]), "printed lists"),
    "csv": (table(",", [("id", "text", "stars"), *((i, f"{s}, {s}", 5) for i, s in enumerate(lines_of(50)))]),
            "a table of 3 columns, separated by commas"),
    "semicolons": (table(";", [(i, s, 5) for i, s in enumerate(lines_of(50))]), "a table of 3 columns"),
    "tsv": (table("\t", [(i, s) for i, s in enumerate(lines_of(50))]), "a table of 2 columns, separated by tabs"),
    "chinese": ([CHINESE, f"{CHINESE}，{CHINESE}。"] * 5, "Chinese without spaces .* as jieba does"),
    "japanese": ([JAPANESE] * 9, "Japanese without spaces .* as MeCab does"),
    "thai": ([THAI] * 9, "Thai without spaces .* as PyThaiNLP does"),
    "lao": ([LAO] * 9, "Lao without spaces"),
    "khmer": ([KHMER] * 9, "Khmer without spaces"),
    "burmese": ([BURMESE] * 9, "Burmese without spaces"),
    "mixed chinese": ([CHINESE, "some words in english", CHINESE] * 9, "Chinese without spaces"),
    "wrapped at 72": (textwrap.wrap(PROSE, 72), "as in wrapped prose; use `sentence_unit=paragraph`"),
    "wrapped at 50": (textwrap.wrap(PROSE, 50), "wrapped prose"),
    "wrapped in lower case": (textwrap.wrap(" ".join(lines_of(300)), 65), "wrapped prose"),
    "wrapped paragraphs": ([s for i in range(40) for s in [*textwrap.wrap(prose(6, i), 70), ""]], "wrapped prose"),
}  # fmt: skip
PLAIN = {
    "lines that end in semicolons": ["it is late ;", "the king sleeps;", "and so does she;"] * 5,
    "backslashes and brackets": [r"C:\texts\king [[ sic ] { the end } \o/"] * 9,
    "speech": ['"It is late", said the king.', '"So it is,"', '"The end."', "said he."] * 5,
    "sentences": lines_of(200),
    "tokenised": [f"{line} , {line} ." for line in lines_of(100)],
    "prose": [prose(3, i) for i in range(100)],
    "one line": [" ".join(lines_of(500))],
    "ten words": [" ".join(PROSE.split()[i : i + 10]) for i in range(0, 2000, 10)],
    "patterns": [
        f"the {who} of land{i % 4} lives in a {where}"
        for i in range(60)
        for who, where in [("king", "castle"), ("queen", "palace")]
    ],
    "sentences of one length": sorted(lines_of(2000), key=len)[900:1000],
    "one sentence again and again": ["the cat sat on the mat"] * 200,
    "words": PROSE.split()[:500],
    "sorted words": sorted({word for line in lines_of(900) for word in line.split()}),
    "poem": POEM.split("\n"),
    "poem in lower case": POEM.lower().split("\n"),
    "poem without punctuation": re.sub("[^a-z \n]", "", POEM.lower()).split("\n"),
    "code-mixed": [f"{line} and vector<int> or <T> x &amp y" for line in lines_of(100)],
    "chat": [f"<anna> {line}" for line in lines_of(100)],
    "language models": [f"<s> {line} <unk> </s>" for line in lines_of(100)],
    "a little markup": [*lines_of(300), "<b>bold</b>", "<i>odd</i>", "<p>x</p>"],
    "commas": [", ".join(line.split()) for line in lines_of(100)],
    "quotes": [f"'{line},' said she, 'and \"{line}\"'" for line in lines_of(100)],
    "drama": [f"{'ROMEO' if i % 2 else 'JULIET'}: {line}" for i, line in enumerate(lines_of(100))],
    "one citation": [*lines_of(200), "she wrote ['a', 'b'] and {\"a\": 1} once"],
    "chinese words": ["今天 天气 很 好 我们 一起 去 公园 散步 吧", "孩子们 在 湖边 放 风筝"] * 9,
    "chinese dictionary": ["今天", "天气", "一起", "公园", "孩子们", "风筝", "一心一意", "自由自在"] * 9,
    "japanese words": ["今日 は とても 天気 が いい ので 公園 へ 散歩 に 行き まし た"] * 9,
    "thai words": ["วันนี้ อากาศ ดี มาก เรา จึง ไป เดินเล่น ที่ สวน สาธารณะ และ พบ เพื่อน"] * 9,
    "korean": ["오늘은 날씨가 매우 좋아서 공원으로 산책을 갔습니다"] * 9,
    "a little chinese": [f"{line} 北京大学计算语言学研究所" for line in lines_of(100)],
    "empty lines": ["", "", ""],
}


@pytest.mark.parametrize("name", ODD)
def test_odd_text_is_named(name):
    lines, told = ODD[name]
    (note,) = notes_on([lines], "line")
    assert re.search(told, note)
    assert "\n" not in note


@pytest.mark.parametrize("name", PLAIN)
def test_plain_text_gets_no_note(name):
    assert notes_on([PLAIN[name]], "line") == []


@pytest.mark.parametrize("unit", ["paragraph", "document"])
def test_wrapped_prose_is_right_where_lines_end_no_sentences(unit):
    assert notes_on([ODD["wrapped at 72"][0]], unit) == []


@pytest.mark.parametrize("name", ["english.txt", "english-questions.txt"])
def test_the_bundled_corpus_gets_no_note(name):
    assert notes_of(ENGLISH.with_name(name)) == []


def notes_of(path, block_bytes=1 << 20):
    samples = TextSamples()
    for block in BlockReader(path, block_bytes):
        samples.add(TextSamples.of(block))
    return notes_on(samples.lines(), "line")


@pytest.mark.parametrize("block_bytes", [1 << 12, 1 << 16, 1 << 20])
def test_samples_come_from_all_over_the_text(tmp_path, block_bytes):
    (tmp_path / "a.txt").write_text("\n".join(lines_of(60_000)) + "\n<p>it is</p>" * 80_000)
    (note,) = notes_of(tmp_path / "a.txt", block_bytes)
    assert "markup, such as <p>" in note
    samples = TextSamples()
    for block in BlockReader(tmp_path / "a.txt", block_bytes):
        samples.add(TextSamples.of(block))
    assert 16 <= len(samples.lines()) <= 64
    assert sum(len(line) + 1 for lines in samples.lines() for line in lines) <= 64 * 4 * SAMPLE_BYTES


@pytest.mark.parametrize("command", ["train", "vocab", "phrases"])
@pytest.mark.parametrize("tokens", ["whitespace", "words"])
def test_every_command_that_reads_text_notes_it_once(tmp_path, command, tokens):
    (tmp_path / "a.html").write_text("\n".join(ODD["html"][0] * 20))
    told = w2v(command, "a.html", "--tokens", tokens, cwd=tmp_path).stderr.decode()
    assert told.count("note: the text holds markup, such as <p>; its names become words; extract the text first") == 1
    (tmp_path / "b.txt").write_text("\n".join(ODD["wrapped at 72"][0] * 5))
    told = w2v(command, "b.txt", "--tokens", tokens, cwd=tmp_path).stderr.decode()
    assert told.count("use --sentences paragraph if blank lines end paragraphs, or --sentences document") == 1
    told = w2v(command, "b.txt", "--tokens", tokens, "--sentences", "document", cwd=tmp_path).stderr.decode()
    assert "wrapped" not in told
