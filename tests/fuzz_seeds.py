"""Small whole files of every kind that w2v reads, which the fuzzer damages."""

import numpy as np

from w2v.vectors import Vectors

WORDS = ["the", "of", "é", "naïve", "東京", "king", "1984", "new_york", "-", "z" * 30, "\u00a0x", "5"]
VECTORS = Vectors(WORDS, np.random.default_rng(1).normal(size=(len(WORDS), 3)).round(3), counts=range(50, 38, -1))
TEXT = "the king the queen the king of the land met the queen of the land\n" * 4
SENTENCES = [line.split() for line in TEXT.splitlines()]
VOCABULARY = "</s> 0\nthe 120\nking 41\nnaïve 7\nЦарь 3\n".encode()
PHRASES = (
    b"phrase\twords\tscore\tcount\tpass\nnew_york\tnew york\t12.5\t40\t1\nbank_of_america\tbank of america\t3\t\t1\n"
    b"new_york_times\tnew_york times\t\t7\t2\n"
)
PAIRS = b"word1,word2,score\ntiger,cat,7.35\nking,queen,8.58\n# a comment\nnew,york,1e1\n"
ANALOGIES = b": family\nking queen man woman\nboy girl brother sister\n: plural\ncat cats dog dogs\n"
BATS = b"king\tqueen/empress\nman\twoman\nboy\tgirl\n"
LOG = "".join(
    f'{{"epoch": {1 + i // 3}, "words": {1000 * i}, "seconds": {i}.5, "words_per_second": 1000.0, "lr": 0.03,'
    f' "loss": {3 - i / 9:.4f}, "objective": "skipgram ns 5"}}\n'
    for i in range(6)
).encode()
PAGE = b"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>no</title></head><body><h1>The <i>R</i>ose</h1><script>no()</script>
<p>A&nbsp;rose &eacute;<br>is a rose<ul><li>one<li>two</ul><pre>three
  four</pre><table><tr><td>a<td>b</table></body></html>
"""
XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE corpus [<!ENTITY x "rose">]><corpus><p n="1">A &x; é</p><p>is a <w>rose</w><lb/>and
&nbsp; <![CDATA[<so>]]></p>
</corpus>
""".encode()
TEI = b"""<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><title>no</title></teiHeader><text><body>
<p>A <choice><sic>rosse</sic><corr>rose</corr></choice><note>no</note> is</p><lg><l>a rose</l></lg></body></text></TEI>
"""
JSONL = '{"id": 1, "text": "a rose\\nis é"}\n{"id": 2, "text": null}\n{"text": "a \\u00e9 \\ud83d\\ude00"}\n'.encode()
JSON = b'[\n {"text": "a rose", "posts": [{"text": "is"}]},\n {"text": "a rose", "posts": []}\n]\n'
CSV = 'id,text\n1,"a rose, is\n""a"" rose"\n2,é\n3,\n'.encode()
TSV = 'id\ttext\n1\ta rose is\n2\té "a"\n'.encode()
CONLLU = """# text = Il va au
1\tIl\til\tPRON\t_\t_\t2\tnsubj\t_\t_
2-3\tau\t_\t_\t_\t_\t_\t_\t_\t_
2\tà\tà\tADP\t_\t_\t5\tcase\t_\t_
3\tle\tle\tDET\t_\t_\t5\tdet\t_\t_
3.1\tva\taller\tVERB\t_\t_\t_\t_\t_\t_

1\tXyz\t_\tX\t_\t_\t1\tdep\t_\t_
""".encode()
VERTICAL = b'<doc id="1">\n<s>\nThe\tDT\tthe\nKing\tNP\tKing\n<g/>\n.\tSENT\t.\n</s>\n<s>\nXyz\tNN\t<unknown>\n</s>\n'
PLAIN = "the king\r\nof thé land\u2028is\u3000in\n\nthe\x0bcastle\x85\ufeffof the king\n".encode()
LABELLED = "__label__a the king of é\n__label__b __label__c the queen\n".encode()
