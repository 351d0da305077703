"""Readers: the text in files of other formats than plain text, read as a stream of UTF-8.

Data flows down:

    recognition     which format a source has; the formats are listed in w2v.options.text_formats
    opened_text     what a reader gets: the bytes of one source, its name, the options, and where it reports problems
    html_pages, xml_elements, mediawiki_pages, json_values, comma_separated, tab_separated, parquet_rows, conllu,
    vertical_text, baskets, word_documents, epub_books, pdf_pages
                    the readers: each takes an `OpenedText` and yields pieces of text
    whole_file      files that can't be read as a stream
    records         the values of one JSON object or one row by their names, and the texts among them
    long_tables     tables with a row for each item of a basket, recognised
    tagged_lines    tokens in lines with columns, compiled
    line_ends       which line ends of a text stay
    extracted_text  the pieces of text of one source, as a stream

In the pieces, which are UTF-8, lines are sentences and blank lines end paragraphs.
"""
