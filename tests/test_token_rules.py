"""Tokens of every rule: words against a plain twin and against UAX #29 in `regex`, letter case, and patterns."""

import functools
import itertools
import re
import signal
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from optional import optional

import w2v
from w2v.corpus import count, encode
from w2v.corpus.encoded import BlockSizes
from w2v.errors import CorpusError, UsageError
from w2v.options import CorpusOptions, VocabularyOptions
from w2v.options.corpus import LANGUAGES
from w2v.options.tokens import REGEX_RULE, TOKEN_RULES
from w2v.tokens.arrays import padded
from w2v.tokens.token_rules import RULES, rule_of
from w2v.tokens.utf8 import blank_wide_spaces

regex = optional("regex")
ALL = VocabularyOptions(min_count=1)
TRAINED = {"dim": 4, "epochs": 1, "min_count": 1, "threads": 1, "progress": False}


def rewritten(content, tokens="words", lowercase=False, language=None):
    data = content.encode()
    blanked = padded(data)
    blank_wide_spaces(blanked, len(data))
    options = CorpusOptions(tokens=tokens, lowercase=lowercase, language=language)
    out, length = rule_of(options).rewriter(options).rewrite(blanked, len(data))
    finish = rule_of(options).finisher(options) or str
    return without_empty(finish(line).split() for line in out[:length].tobytes().decode().split("\n"))


def lines_of(content):
    """Return the lines of a text, as Unicode cuts them."""
    return re.split("[\n\v\f\r\x85\u2028\u2029]", content)


def without_empty(lines):
    return [line for line in lines if line]


# The twin: what `words` does, spelled out in plain Python.

SIGNS = {
    "'": "'", '"': '"', "_": "_‿⁀⁔゠︳︴﹍﹎﹏＿",
    "’": "‘’՚＇", ":": ":·\u0387՟֊״‧︓﹕：", ",": ",;\u037e։،؍٫٬߸⁄︐︔﹐﹔，；", ".": ".․﹒．",
    "J": "\u200c\u180e", "Z": "\u200d",
    " ": "\u200b\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u0890\u0891\u08e2\U000110bd\U000110cd",
    "I": "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\uffa0ـߺ᠊՛՜՞🏻🏼🏽🏾🏿",
    "M": "¸˂˃˄˅˒˓˔˕˖˗˞˟˥˦˧˨˩˪˫˭˯˰˱˲˳˴˵˶˷˸˹˺˻˼˽˾˿׳゛゜ﾞﾟ꜈꜉꜊꜋꜌꜍꜎꜏꜐꜑꜒꜓꜔꜕꜖꜠꜡꞉꞊꭛",
}  # fmt: skip
CLASSES = {sign: class_ for class_, signs in SIGNS.items() for sign in signs}
JOINED = re.compile(
    r"""[LHN] (?: [LHN] | (?<=[LHN])(?: _+(?=[LHN]) | ['’](?=[LHN]) ) | (?<=H)' | (?<=[LH])[:.](?=[LH])
    | (?<=N)[,.](?=N) | (?<=H)"(?=H) )*""",
    re.VERBOSE,
)


@functools.cache
def class_of(character):
    """Return the class of a character: L letter, H Hebrew letter, N digit, M mark, V virama, I ignored, a sign."""
    code = ord(character)
    if character in CLASSES:
        return CLASSES[character]
    if 0x13430 <= code <= 0x13440 or 0x13447 <= code <= 0x13455:
        return "M"
    if 0xFE00 <= code <= 0xFE0F or 0xFFF0 <= code <= 0xFFF8 or 0xE0000 <= code <= 0xE0FFF:
        return "I"
    if 0x24B6 <= code <= 0x24E9 or 0x32D0 <= code <= 0x32FE or 0x3300 <= code <= 0x3357:
        return "L"
    if any(start <= code <= start + 25 for start in (0x1F130, 0x1F150, 0x1F170)):
        return "L"
    category = unicodedata.category(character)
    if category == "Nd":
        return "N"
    if character.isalnum():
        return "H" if unicodedata.name(character, "").startswith("HEBREW L") else "L"
    if category[0] == "M":
        return "V" if unicodedata.combining(character) == 9 else "M"
    return "I" if category == "Cf" else " "


def fold(character):
    if class_of(character) == "’" or character == "ʼ":
        return "'"
    return {"ŀ": "l·", "Ŀ": "l·"}.get(character, character.casefold().replace("ʼ", "'"))


def words_of(line):
    """Return the words of a line in the most obvious way: marks go with what they stand on, then a pattern joins."""
    units = []  # a class, and a character with its marks
    for character in line:
        class_ = class_of(character)
        if class_ in "MVJZ" and units:
            units[-1][1] += character
        elif class_ not in "MVJZI":
            units.append([class_, character])
    words = []
    for match in JOINED.finditer("".join(class_ for class_, _ in units)):
        word = "".join(characters for _, characters in units[match.start() : match.end()])
        kept = re.match("(.*L[MVJZ]*V[MV]*Z(?=[JZ]*$)|.*?(?=[JZ]*$))", "".join(map(class_of, word))).end()
        words.append("".join(map(fold, word[:kept])))
    return without_dots(unicodedata.normalize("NFC", " ".join(words))).split()


KNOWN = "whitespace, words, chars, words+chars, icu, jieba, sudachi, regex:PATTERN, module:function"
BELOW = "".join(chr(code) for code in range(0x20000) if 0 < unicodedata.combining(chr(code)) < 230)


def without_dots(text):
    """Drop the dot above from i, wherever Unicode's canonical order puts it."""
    return unicodedata.normalize("NFC", re.sub(rf"[iı]([{BELOW}]*)\u0307+", r"i\1", unicodedata.normalize("NFD", text)))


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"))
# Some characters of every class of UAX #29, and those whose case or composition is special.
SPECIAL = (
    "abABß09٣é \n\t-#@'’‘＇ʼʻ՚\"״׳·‧:.,;٫_‿"
    "שב̣́̇̈ͅİIıiŉﬃΐΣςŀ"
    "\u00ad\u2060\u200e\u200f\u200b\u200c\u200d\ufe0f\u180e\u034fـ՞՛"
    "നക്\u0d4dर्ිස්カ゛漢ก한가💧🏽🇩"
)
prose = st.text(st.sampled_from(SPECIAL))


@settings(deadline=None, max_examples=500)
@given(text | prose)
def test_words_of_raw_text(content):
    assert rewritten(content) == without_empty(map(words_of, lines_of(content)))


@settings(deadline=None)
@given(text | prose)
def test_words_do_not_depend_on_how_characters_are_composed(content):
    once, decomposed = (unicodedata.normalize(form, content) for form in ("NFC", "NFD"))
    assert rewritten(once) == rewritten(decomposed)


def test_every_character_is_rewritten_as_the_twin_does():
    codes = [*range(1, 0x40000), *range(0xE0000, 0xE0200), 0xE0FFF, 0xF0000, 0x10FFFD]  # no other one is assigned
    special = [chr(code) for code in codes if not 0xD800 <= code < 0xE000 and code not in (10, 0xFEFF)]
    special = [character for character in special if character.isascii() or class_of(character) not in " L"]
    content = "\n".join(f"a{c}A 1{c}1\nא{c}א\n{c}b\nक{c}\u200d" for c in special)
    assert rewritten(content) == without_empty(map(words_of, lines_of(content)))
    left_out = (*range(0xD800, 0xE000), *range(10, 14), 0x85, 0x2028, 0x2029, 0xFEFF)
    content = " ".join(f"a{chr(code)}A" for code in codes if code not in left_out)
    assert rewritten(content) == [words_of(content)]
    (lower,) = rewritten(content, "whitespace", True)
    assert lower == [token.lower() for token in content.split()]


@settings(deadline=None)
@given(text | prose)
def test_lowercase_is_str_lower_of_each_token(content):
    expected = without_empty([token.lower() for token in line.split()] for line in lines_of(content))
    assert rewritten(content, "whitespace", True) == expected


# UAX #29 itself, as the package `regex` has it.

# Where `words` goes its own way: it joins ideographs and numbers that are no digits, it cuts at white space, and it
# drops or moves to another class what these signs are.
OWN_WAY = {*"֊゠٫ʼŀĿ\u202f\ufeff", *SIGNS["I"], *SIGNS[" "], *SIGNS["M"], *SIGNS["J"], *SIGNS["Z"]}


@functools.cache
def alphabet():
    """Return some characters of each class of UAX #29 about which `words` agrees."""
    every = "".join(chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000)
    names = ["ALetter", "Hebrew_Letter", "Numeric", "MidLetter", "MidNum", "MidNumLet", "Single_Quote", "Double_Quote"]
    names += ["ExtendNumLet", "Extend", "Format", "Other"]
    found = {name: regex.findall(rf"\p{{WB={name}}}", every) for name in names}
    return {
        name: [c for c in characters if c not in OWN_WAY and unicodedata.category(c) not in ("Cn", "No", "Lo")][:150]
        for name, characters in found.items()
    } | {"Hebrew_Letter": list("אבש"), "space": [" "], "ALetter": list("abcXYZéжΩქ한")}


@functools.cache
def uax29_patterns():
    """Return patterns of a character with its marks, a boundary, a letter or digit, and connectors that end a word."""
    character = r"(?s).[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]*"
    base = r"[\p{WB=ALetter}\p{WB=Hebrew_Letter}\p{WB=Numeric}]"
    connectors = r"(?:\p{WB=ExtendNumLet}[\p{WB=Extend}\p{WB=Format}]*)+$"
    return [regex.compile(pattern) for pattern in (character, r"(?V1)(?w)\b", base, connectors)]


def uax29_words(line):
    """Return the stretches between UAX #29 boundaries that hold a letter or digit, without what `words` drops."""
    character, boundary, base, connectors = uax29_patterns()
    marked = character.findall(line)
    # Marks change no boundary (WB4). `regex` before 2026.11, which Python 3.10 needs, lets them do so beside digits.
    cuts = [found.start() for found in boundary.finditer("".join(unit[0] for unit in marked))]
    words = []
    for start, end in itertools.pairwise(cuts):
        word = "".join(sign for unit in marked[start:end] for sign in unit if class_of(sign) != "I")
        if first := base.search(word):
            words.append("".join(map(fold, connectors.sub("", word[first.start() :]))))
    return without_dots(unicodedata.normalize("NFC", " ".join(words))).split()


@settings(deadline=None, max_examples=500)
@given(st.data())
def test_words_are_those_of_uax_29(data):
    classes = alphabet()
    kinds = data.draw(st.lists(st.sampled_from(sorted(classes)), max_size=12))
    content = "".join(data.draw(st.sampled_from(classes[kind])) for kind in kinds)
    bare = "".join(class_ for class_ in map(class_of, content) if class_ not in "MVI")
    assume(not re.search("[LH]['’]N|N['’][LH]", bare))  # words join these
    assert rewritten(content) == without_empty(map(uax29_words, lines_of(content)))


@pytest.mark.parametrize(
    "content, words",
    [
        ("“Don't,” she said—twice.", ["don't", "she", "said", "twice"]),
        ("rock ’n’ roll's Straße 'quoted'", ["rock", "n", "roll's", "strasse", "quoted"]),
        ("l’été, D'Artagnan''s O＇Neil Apollo 11’s", ["l'été", "d'artagnan", "s", "o'neil", "apollo", "11's"]),
        ("e-mail x2 C++ and/or wait...what", ["e", "mail", "x2", "c", "and", "or", "wait", "what"]),
        ("3.14 1,000 12:30 v2.0 3.x 1'000 9.", ["3.14", "1,000", "12", "30", "v2.0", "3", "x", "1'000", "9"]),
        ("the U.S.A., p.m. example.com", ["the", "u.s.a", "p.m", "example.com"]),
        ("snake_case _emphasis_ __init__ _two words_", ["snake_case", "emphasis", "init", "two", "words"]),
        ("H₂O m² ½ Ⓐ", ["h₂o", "m²", "½", "ⓐ"]),
        (
            "#tag @ann http://x.org/a?b=1 me@x.org 😀👍🏽🇩🇪",
            ["tag", "ann", "http", "x.org", "a", "b", "1", "me", "x.org"],
        ),
        ("co\u00adoperate zero\u2060width \u200eleft\u200fright\u200e \u00ad", ["cooperate", "zerowidth", "leftright"]),
        ("葛\U000e0100城 a\ufe0fb line\u200bbreak \u3164", ["葛城", "ab", "line", "break"]),
        ("col·lecció coŀlecció COĿLECCIÓ ·l·", ["col·lecció"] * 3 + ["l"]),
        ("hy‧phen EU:n", ["hy‧phen", "eu:n"]),
        ("м’ята мʼята м'ята c’hoar", ["м'ята"] * 3 + ["c'hoar"]),
        ("ʻOkina Hawaiʻi oʻzbek bogʻ", ["ʻokina", "hawaiʻi", "oʻzbek", "bogʻ"]),
        ('צה״ל צה"ל "שלום" ג׳ירף ג\'ירף ר\' וכו׳', ["צה״ל", 'צה"ל', "שלום", "ג׳ירף", "ג'ירף", "ר'", "וכו׳"]),
        ("Ինչո՞ւ ինչու, այո՛։ ո՜վ", ["ինչու", "ինչու", "այո", "ով"]),
        ("هـــذا هذا ـ ۝١٢", ["هذا", "هذا", "١٢"]),
        ("می\u200cخواهم\u200c \u200cبروم", ["می\u200cخواهم", "بروم"]),
        ("अवन्\u200d क्\u200dष \u200dक\u200d", ["अवन्\u200d", "क्\u200dष", "क"]),
        ("അവന്\u200d അവൻ ശ്രീ", ["അവന്\u200d", "അവൻ", "ശ്രീ"]),
        ("ශ්\u200dරී ලංකා", ["ශ්\u200dරී", "ලංකා"]),
        ("हिन्दी में किताबें", ["हिन्दी", "में", "किताबें"]),
        ("བོད་སྐད", ["བོད", "སྐད"]),
        ("ሰላም፡ለዓለም", ["ሰላም", "ለዓለም"]),
        ("アン゠マリー コンピューター、か゛", ["アン゠マリー", "コンピューター", "か゛"]),
        ("한국어 \u1112\u1161\u11ab", ["한국어", "한"]),
        ("ΟΔΟΣ οδός", ["οδοσ", "οδόσ"]),
        ("İstanbul I\u0307stanbul istanbul Ị\u0307", ["istanbul"] * 3 + ["ị"]),
    ],
)
def test_words_of_raw_text_in_some_languages(content, words):
    assert rewritten(content) == [words]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tokens", ["words", "whitespace", r"regex:\w+\u0307?\w*"])
def test_dotted_and_dotless_i(tokens, language, tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("IŞIK İstanbul I\u0307stanbul ılık iyi DİYARBAKIR")
    found = count(str(path), CorpusOptions(tokens=tokens, lowercase=True, language=language), ALL).words
    assert sorted(found) == ["diyarbakır", "istanbul", "iyi", "ılık", "ışık"]


def test_a_byte_order_mark_separates_tokens_wherever_it_is(tmp_path):
    for content in ("\ufeffa b", "a\ufeffb", "a \ufeffb", "a b\ufeff", "\ufeff\ufeffa\ufeff \ufeffb"):
        (tmp_path / "t.txt").write_text(content)
        for tokens in ("whitespace", "words", r"regex:\S+"):
            for lowercase in (False, True):
                options = CorpusOptions(tokens=tokens, lowercase=lowercase)
                assert count(str(tmp_path / "t.txt"), options, ALL).words == ["a", "b"]


def test_every_token_rule_that_can_be_chosen_is_registered():
    assert tuple(RULES) == (*TOKEN_RULES, REGEX_RULE)


# Patterns


def tokens_of(pattern, content, tmp_path, **options):
    path = tmp_path / "text.txt"
    path.write_text(content)
    sizes = BlockSizes(text_bytes=16)
    with encode(str(path), CorpusOptions(tokens=pattern, **options), ALL, sizes=sizes) as corpus:
        buffer = np.empty(corpus.max_block_ids, np.int32)
        ids = np.concatenate([corpus.read(block, buffer).copy() for block in range(corpus.n_blocks)])
        return [corpus.vocabulary.words[i] for i in ids if i >= 0]


TWEETS = "So #fun, @Ann! http://x.org/a?b=1\n\nMe@X.org 😀 so #FUN\u3000Ça, va\n" * 3


@pytest.mark.parametrize(
    "pattern", [r"[#@]?\w+", r"regex:https?://\S+|[#@]?\w+|[^\w\s]", r"(?:http\S+)|([^\W\d_]+)", "[^ ]+"]
)
def test_matches_of_a_pattern_are_the_tokens_of_each_line(pattern, tmp_path):
    compiled = re.compile(pattern.removeprefix("regex:"))
    expected = []
    for line in TWEETS.splitlines():
        matches = [match[compiled.groups] for match in compiled.finditer(line.replace("\u3000", " "))]
        expected += filter(None, matches)
    for threads in (1, 2):
        assert tokens_of(pattern, TWEETS, tmp_path, threads=threads) == expected
    lower = tokens_of(pattern, TWEETS, tmp_path, lowercase=True)
    assert lower == [token.lower() for token in expected]


@pytest.mark.parametrize(
    "tokens, message",
    [
        (
            "wrods",
            f"must be one of {KNOWN}, not 'wrods'; did you mean words?",
        ),
        ("white-space", "did you mean whitespace?"),
        ("Words", "did you mean words?"),
        ("", "must be one of"),
        (
            5,
            f"must be one of {KNOWN}, not 5",
        ),
        ("regex:", "the pattern is empty"),
        ("regex:[", r"the pattern '[' is not a regular expression: unterminated character set at position 0"),
        (r"\p{L}+", r"'\p{L}+' is not a regular expression: bad escape \p at position 0; [^\W\d_] is any letter"),
        ("a{99999999999}", "is not a regular expression"),
        ("(" * 5000 + ")" * 5000, "is not a regular expression"),
        ("(a)(b)", "has 2 groups; write (?:...)"),
        (r"\w*", r"the pattern '\w*' matches the empty string; use + in place of *"),
    ],
)
def test_a_bad_value_is_one_line(tokens, message):
    with pytest.raises(UsageError) as caught:
        CorpusOptions(tokens=tokens)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    "pattern, message",
    [
        (".+", r"the pattern matches white space, 'a rose', in .*text.txt:2"),
        (r"\b", r"the pattern matches the empty string in .*text.txt:2"),
        (r"\w(\s?)", r"the pattern matches (the empty string|white space, ' ',) in .*text.txt:2"),
    ],
)
def test_a_match_that_is_no_token_is_an_error(pattern, message, tmp_path):
    with pytest.raises(UsageError, match=message):
        tokens_of(pattern, "\na rose\n", tmp_path)


def test_a_pattern_that_matches_nothing_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match=r"tokens: the pattern matches nothing in .*text.txt"):
        tokens_of("regex:xyz", "a rose", tmp_path)


def test_invalid_utf8_is_found_before_the_pattern(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"a rose\nis \xff a\n")
    with pytest.raises(CorpusError, match=r"text\.txt:2"):
        count(str(path), CorpusOptions(tokens=r"\w+"), ALL)
    assert len(count(str(path), CorpusOptions(tokens=r"[\w\ufffd]+", encoding_errors="replace"), ALL)) == 4


def test_control_c_stops_a_pattern_that_backtracks(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("a" * 34 + "\n")  # which takes the pattern some minutes
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        with pytest.raises(KeyboardInterrupt):
            count(str(path), CorpusOptions(tokens="(?:a+)+b"), ALL)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_model_keeps_pattern_and_language(tmp_path):
    text, model = tmp_path / "text.txt", tmp_path / "m.model"
    text.write_text("#IĞDIR @İzmir a, b " * 9)
    options = {"tokens": r"[#@]?\w+", "language": "tr", "lowercase": True, "save_model": model}
    first = w2v.train(str(text), **options, **TRAINED)
    assert "#ığdır" in first.words
    more = w2v.train(str(text), init=model, progress=False)
    assert sorted(more.words) == sorted(first.words) == ["#ığdır", "@izmir", "a", "b"]


def test_patterns_and_languages_on_the_command_line(tmp_path, capfd):
    (tmp_path / "t.txt").write_text("#IĞDIR, [b] ix [b]\n")
    command = [sys.executable, "-m", "w2v", "vocab", "-q", str(tmp_path / "t.txt"), "--min-count", "1", "--lowercase"]
    subprocess.run([*command, "--tokens", r"regex:#?\w+|[[]", "--language", "tr"], check=True)
    assert capfd.readouterr() == ("[ 2\nb 2\n#ığdır 1\nix 1\n", "")
    for arguments, message in (
        (["--language", "de"], "--language must be one of tr, az, not 'de'; omit it for others"),
        (
            ["--tokens", "wrods"],
            f"--tokens must be one of {KNOWN}, not 'wrods'; did you mean words?",
        ),
        (
            ["--tokens", "a["],
            "--tokens: the pattern 'a[' is not a regular expression: unterminated character set at position 1",
        ),
    ):
        assert subprocess.run([*command, *arguments]).returncode == 2
        assert capfd.readouterr() == ("", f"w2v: error: {message}\n")


# What is dropped


def notes_of(content, tmp_path, capsys, *options):
    path = tmp_path / "text.txt"
    path.write_text(content)
    from w2v.cli import main

    with pytest.raises(SystemExit):
        main(["vocab", str(path), "--min-count", "1", *options])
    return [line for line in capsys.readouterr().err.splitlines() if "belongs to no word" in line]


def test_a_note_tells_how_much_text_was_dropped(tmp_path, capsys):
    table = "| a | <=> | b |\n+---+-----+---+\n" * 50
    (note,) = notes_of(table, tmp_path, capsys, "--tokens", "words")
    assert re.search(r"note: 9\d% of the text, .* belongs to no word and was dropped, such as \|, ", note)
    assert notes_of(table, tmp_path, capsys) == []
    assert notes_of("“Well,” she said — 'it's raining.' (3.5 mm!)", tmp_path, capsys, "--tokens", "words") == []


@settings(deadline=None)
@given(text | prose)
def test_dropped_characters_are_counted(content):
    options = CorpusOptions(tokens="words")
    rewriter = rule_of(options).rewriter(options)
    data = content.encode()
    blanked = padded(data)
    blank_wide_spaces(blanked, len(data))
    rewriter.rewrite(blanked, len(data))
    shown = [c for c in content if c > " " and not c.isspace()]
    assert rewriter.dropped.characters == len(shown)
    assert rewriter.dropped.dropped >= sum(class_of(c) == " " for c in shown)
