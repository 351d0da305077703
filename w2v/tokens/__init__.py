"""Text to tokens, as training and all that reads texts afterwards cuts it.

    utf8            checks a block of text, and makes all white space of one byte
    token_rules     what a rule does to the block: rewriting and word_breaks for words, pattern_rewriter for a pattern,
                    letter_case for lower case, single_characters for characters, cut_text for other packages
    cleaning        what becomes of each different word
    scanner         gives each token between white space the number of its word, by a hash table of words

`arrays` names the arrays that these modules exchange, and `eight_bytes` has the loads and stores of their kernels.
`dropped_text` keeps account of what a rule leaves out.
"""
