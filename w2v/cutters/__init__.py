"""Cutters: other packages, and functions of the user, that cut text into tokens.

Most of them hold the interpreter's lock, so each thread has a process of its own that cuts for it.

Data flows down:

    cutting_process     starts such a process, sends it text, and gets tokens back
    worker              what runs in it
    icu_words, jieba_words, sudachi_words, python_function
                        a module for each rule, listed in w2v.options.tokens: `cutter` returns the function that cuts a
                        line, and `made_by` names the package and its version
"""
